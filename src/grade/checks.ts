/** What a runner of checks and its listener know of each other. */

/** A check as its grader declares it. */
export interface DeclaredCheck {
  readonly id: string;
  readonly name: string;
  readonly stage: number;
}

export interface ChecksListener {
  collected(checks: readonly DeclaredCheck[]): void;
  /** Runs the check by calling `run`, or leaves it. Must not throw. */
  check(check: DeclaredCheck, run: () => unknown): Promise<void>;
}

/** Runs the checks of one grader. Returns what went wrong outside of them, in the words of the exceptions. */
export type RunGrader = (importGrader: () => Promise<unknown>, listener: ChecksListener) => Promise<string[]>;
