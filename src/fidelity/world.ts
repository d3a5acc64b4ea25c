/** The simulated world in which an episode could have happened. */

import { type Deed, disableMemory, enableMemory, fault, type WorldDescription } from '#linux';
import type { Episode, Observation } from './observation.ts';

/** The tasks do what their events tell that they did. Their faults begin with an empty mapping, and a SIGBUS does not end them. */
export function worldOf({ pages, pfn, observations }: Episode): WorldDescription {
  const names = [...new Set(observations.map(({ task }) => task))].sort();
  const own = (name: string) => observations.filter(({ task }) => task === name);
  return {
    bars: { bar0: { pages, pfn } },
    vmas: { v: { bar: 'bar0', process: 'p' } },
    tasks: Object.fromEntries(names.map((name) => [name, deedsFrom(own(name))])),
    kernel: '6.1',
    unanswered: 'all ones',
    signals: 'handled',
  };
}

/** An access for each page that is touched, until another is. A write to the command register for each time its locks are taken. */
function deedsFrom(observations: readonly Observation[]): Deed[] {
  const deeds: Deed[] = [];
  let isInside = false;
  for (const { kind, lock, page = 0 } of observations) {
    if (kind === 'page_fault_user') isInside = true;
    if ((kind === 'page_fault_user' || kind === 'stale') && !isAccessTo(page, deeds.at(-1)))
      deeds.push(fault('v', page));
    else if (!isInside && isFirstOf(kind, lock, 'mutex_lock_in', 'vma_lock')) {
      deeds.push(disableMemory());
      isInside = true;
    } else if (!isInside && isFirstOf(kind, lock, 'down_write_in', 'memory_lock')) {
      deeds.push(enableMemory());
      isInside = true;
    }
    if (kind === 'fault_out' || (kind === 'up_write_in' && lock === 'memory_lock')) isInside = false;
  }
  return deeds;
}

const isAccessTo = (page: number, deed: Deed | undefined) => deed?.kind === 'fault' && deed.page === page;

const isFirstOf = (kind: string, lock: string | undefined, wanted: string, on: string) =>
  kind === wanted && lock === on;
