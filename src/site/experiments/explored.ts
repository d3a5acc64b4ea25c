/** All that can come of a world, as a page shows it. Runs while the site is built. */

import { type Ending, explore, replay } from '#explore';
import { explorationOf, programOf } from '../experiments.ts';

export interface Explored {
  readonly states: number | undefined;
  /** Absent where an execution can go in a circle. */
  readonly interleavings: bigint | undefined;
  /** Those that differ only in the order of steps that do not meet are one; absent where interleavings are. */
  readonly executions: number | undefined;
  readonly outcomes: readonly ExploredOutcome[];
}

export interface ExploredOutcome {
  readonly name: string;
  /** The whole of the shortest execution that ends so. */
  readonly schedule: string;
  readonly kind: Ending['kind'];
  readonly interleavings: bigint | undefined;
  /** Of all interleavings, in percent. */
  readonly share: number | undefined;
}

/** The commonest outcomes first. */
export function exploredOf(id: string): Explored {
  const { states, interleavings, outcomes } = explorationOf(id);
  const all = interleavings === undefined ? undefined : BigInt(interleavings);
  const told = Object.entries(outcomes).map(([name, { schedule, interleavings: count }]): ExploredOutcome => {
    const whole = replay(programOf(id), schedule);
    const ways = all === undefined || count === undefined ? undefined : BigInt(count);
    const share = ways === undefined || !all ? undefined : Number((ways * 1000n) / all) / 10;
    return { name, schedule: whole.schedule, kind: whole.ending.kind, interleavings: ways, share };
  });
  return {
    states,
    interleavings: all,
    executions: all === undefined ? undefined : executionsOf(id),
    outcomes: told.sort((one, other) => (other.share ?? 0) - (one.share ?? 0)),
  };
}

/** Optimal DPOR runs each once. Throws where there are too many, so that the build fails. */
function executionsOf(id: string): number | undefined {
  const { executions, complete } = explore(programOf(id), { engine: 'dpor', stopAt: 'never', traces: false });
  if (!complete) throw new Error(`experiment "${id}" has too many executions to count`);
  return executions;
}
