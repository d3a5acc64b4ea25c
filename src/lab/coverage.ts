/** How much a run proves. Where the threads never met, a right handler and a wrong one look alike. */

import { iterationsOf, type LabEvent } from './recording.ts';

export interface Coverage {
  readonly iterations: number;
  /** Iterations in which two faults on the mapping, or a fault and a zap, were under way at the same time. */
  readonly contended: number;
}

/**
 * Counts them in a recording's events. A fault is under way from the moment
 * at which its entry was seen empty until its handler returns.
 */
export function coverageOf(events: readonly LabEvent[]): Coverage {
  const iterations = iterationsOf(events);
  return { iterations: iterations.length, contended: iterations.filter(isContended).length };
}

function isContended(iteration: readonly LabEvent[]): boolean {
  const underWay = new Set<string>();
  for (const [thread, name] of iteration) {
    if (name === 'pte_none_seen' || name === 'zaplock_in') underWay.add(thread);
    if (name === 'fault_out' || name === 'zaplock_out') underWay.delete(thread);
    if (underWay.size > 1) return true;
  }
  return false;
}

export interface Outcome extends Coverage {
  readonly bug: boolean;
  readonly stale: number;
}

/** What may be concluded. A BUG or a read that should have failed stands by itself; that nothing happened needs threads that met. */
export function whatItProves({ iterations, contended, bug, stale }: Outcome): string {
  if (bug) return 'The kernel stopped: for this handler that is proof enough.';
  if (stale > 0) return 'A mapping outlived the zap: for this handler that is proof enough.';
  if (contended === 0)
    return `This run proves nothing: in none of its ${iterations} iterations did the threads meet. Run it again, with more --iterations, or hold the window open with --delay 1000.`;
  return `Nothing went wrong, and the threads met in ${contended} of ${iterations} iterations. That is evidence, not proof: a kernel shows some orders of events, never all.`;
}
