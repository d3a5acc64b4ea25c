/** What a grading worker and its keeper say to each other; the same in a Node thread and in a browser's worker. */

import type { Trace } from '#explore';
import type { OwnExploration, OwnOptions } from './own-exploration.ts';
import type { Variant } from './variants.ts';
import type { Check, Verdict } from './verdict.ts';

export interface GradeRequest {
  /** The exercise's id, without its number. */
  readonly exercise: string;
  /** The submission's text. */
  readonly source: string;
  /** Other worlds than the usual ones. */
  readonly variant?: Variant;
  /** Instead of a verdict: one execution of the program that this points at, `1.<check id>.<n>.<fingerprint>~A3-B2-A`. */
  readonly replay?: string;
  /** Instead of a verdict: all that exploring a program of the reader's own finds, as these options say. */
  readonly explore?: OwnOptions;
}

/** What is likely to come, told to a worker that waits: it may get ready for that. */
export interface ExpectRequest {
  readonly expect: {
    /** The exercise's id, without its number. */
    readonly exercise: string;
    /** A text that passes. */
    readonly source: string;
  };
}

/** Has such a search stop, and say what it knows by now. Another run is ended with its worker. */
export interface StopRequest {
  readonly stop: true;
}

/** What has begun: a check, or loading the submission (`load`). */
export interface Checking {
  readonly id: string;
  readonly name: string;
}

/** What comes of a request to replay. */
export interface Replayed {
  readonly trace: Trace;
  /** The schedule was made for this submission and this world. */
  readonly sameCode: boolean;
}

export type GraderMessage =
  | { readonly checking: Checking }
  /** The verdict before the first check: each is `not run`. */
  | { readonly known: Verdict }
  /** A check that has ended. */
  | { readonly checked: Check }
  /** A sign of life: states found so far by the search that runs, and how many interleavings there are at least, where that is known. */
  | { readonly alive: number; readonly interleavings?: number }
  | { readonly verdict: Verdict }
  | { readonly replayed: Replayed }
  | { readonly explored: OwnExploration }
  /** No replay could be had: what is wrong with the schedule. */
  | { readonly refused: string }
  /** The course itself is broken: nothing that a submission did. */
  | { readonly crashed: string };
