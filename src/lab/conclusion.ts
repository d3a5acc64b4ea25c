/** What may be concluded from a run. */

import type { Contention } from '#fidelity/coverage';

export interface Outcome extends Contention {
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
