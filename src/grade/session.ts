/** The check that runs now: what its matchers find is kept here, out of reach of whoever catches exceptions. */

import type { Exploration, Search, Trace } from '#explore';
import type { Check, Explored } from './verdict.ts';

/** What a matcher has to say about a check that did not pass. */
export type Finding = Pick<Check, 'message' | 'misconception' | 'schedule' | 'trace' | 'native'> & {
  readonly status: 'failed' | 'undecided';
};

/** What a check shows though it passed: the interleaving that it asked for. */
export type Shown = Pick<Check, 'schedule' | 'trace'>;

export interface Session {
  readonly check: string;
  /** SHA-256 of the submission. */
  readonly submission: string;
  /** Programs explored so far. */
  programs: number;
  explored?: Explored;
  finding?: Finding;
  shown?: Shown;
  /** Told between the slices of a search, with the states found so far, and how many interleavings there are at least. */
  alive(states: number, interleavings?: number): void;
  /** Instead of exploring: one execution of the n-th program. */
  readonly replay?: { readonly n: number; readonly schedule: string };
  /** Instead of running a search at once: what it finds. Throws where that has yet to be found. */
  readonly searched?: (begin: () => Search) => Exploration;
}

/** Thrown through a check when the program to replay has come: nothing behind it matters. */
export class ReplayDone {
  /** Or why the schedule cannot be run. */
  readonly outcome: Trace | string;

  constructor(outcome: Trace | string) {
    this.outcome = outcome;
  }
}

export function newSession(check: string, submission: string, alive: Session['alive'] = () => {}): Session {
  return { check, submission, programs: 0, alive };
}

// A grader that an editor's Vitest runs has no harness: what is found goes nowhere, and the matcher's message is all there is.
let current = newSession('check', '');

export function currentSession(): Session {
  return current;
}

export function enterSession(session: Session): void {
  current = session;
}

/** Adds what one program's exploration took to what the check's others took. */
export function addExplored(
  session: Session,
  { engine, states, executions, interleavings, complete }: Exploration,
): void {
  const before = session.explored;
  const sum = {
    states: added(before?.states, states),
    executions: added(before?.executions, executions),
    // Without the one, there is no sum.
    interleavings:
      before && before.interleavings === undefined ? undefined : addedCounts(before?.interleavings, interleavings),
  };
  session.explored = {
    engine: before && before.engine !== engine ? 'both' : engine,
    ...(sum.states === undefined ? {} : { states: sum.states }),
    ...(sum.executions === undefined ? {} : { executions: sum.executions }),
    ...(sum.interleavings === undefined ? {} : { interleavings: sum.interleavings }),
    ...(before ? { programs: (before.programs ?? 1) + 1 } : {}),
    complete: (before?.complete ?? true) && complete,
  };
}

/** A sum of what there is of the two. */
function added(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined && other === undefined ? undefined : (one ?? 0) + (other ?? 0);
}

function addedCounts(before: string | undefined, more: string | undefined): string | undefined {
  return more === undefined ? undefined : String(BigInt(before ?? 0) + BigInt(more));
}
