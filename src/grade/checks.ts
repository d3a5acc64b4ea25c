/** What reading a grader gives: its checks, each to be run when its turn comes. */

/** A check as its grader declares it. */
export interface DeclaredCheck {
  readonly id: string;
  readonly name: string;
  readonly stage: number;
}

export interface GraderCheck extends DeclaredCheck {
  /** May be asynchronous. Throws unless the check passes. */
  readonly run: () => unknown;
}

export interface GraderChecks {
  readonly checks: readonly GraderCheck[];
  /** What went wrong while the grader was read, in the words of the exceptions. */
  readonly failures: readonly string[];
}

/** Reads one grader by evaluating it; runs nothing. Must not throw. */
export type ReadChecks = (importGrader: () => Promise<unknown>) => Promise<GraderChecks>;
