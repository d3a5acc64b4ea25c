/** How much a run is worth. Where the threads never met, a right handler and a wrong one look alike. */

import { episodesOf } from './observation.ts';
import { iterationsOf, type RecordedEvent, type Recording } from './recording.ts';

export interface Contention {
  readonly iterations: number;
  /** Iterations in which two faults on the mapping, or a fault and a zap, were under way at the same time. */
  readonly contended: number;
}

/** A fault is under way from the moment at which its entry was seen empty until its handler returns. */
export function contentionOf(events: readonly RecordedEvent[]): Contention {
  const iterations = iterationsOf(events);
  return { iterations: iterations.length, contended: iterations.filter(isContended).length };
}

function isContended(iteration: readonly RecordedEvent[]): boolean {
  const underWay = new Set<string>();
  for (const [thread, probe] of iteration) {
    if (probe === 'pte_none_seen' || probe === 'zaplock_in') underWay.add(thread);
    if (probe === 'fault_out' || probe === 'zaplock_out') underWay.delete(thread);
    if (underWay.size > 1) return true;
  }
  return false;
}

export interface Coverage extends Contention {
  /** Those that are held against the simulation. */
  readonly events: number;
  readonly faults: number;
}

export function coverageOf(recording: Recording): Coverage {
  const all = episodesOf(recording).flatMap(({ observations }) => observations);
  const faults = all.filter(({ kind }) => kind === 'page_fault_user').length;
  return { ...contentionOf(recording.events), events: all.length, faults };
}
