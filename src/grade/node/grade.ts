/** Grading in Node: each submission in a worker thread of its own, watched from here. */

import type { Verdict } from '../verdict.ts';
import type { Checking, GradeRequest, Replayed } from '../protocol.ts';

export interface GradeOptions {
  /** What is going on, for those who watch: the check that has begun, and the states found since. */
  onProgress?(progress: Progress): void;
  /** Ends the run: the verdict is `stopped`. */
  readonly signal?: AbortSignal;
  /** A run that shows no progress for so many seconds is hung (default 10). Its total time is never limited. */
  readonly patience?: number;
}

export interface Progress {
  readonly checking?: Checking;
  readonly states: number;
}

/** Grades submissions one after another, with a worker always ready for the next. */
export interface Grader {
  /** Throws for an exercise that does not exist; for everything the submission does there is a verdict. */
  grade(request: GradeRequest, options?: GradeOptions): Promise<Verdict>;
  /** One execution of the program that a schedule points at. Throws where there is no such program or execution. */
  replay(request: Required<GradeRequest>, options?: GradeOptions): Promise<Replayed>;
  close(): Promise<void>;
}

/** Grades one submission. Throws for an exercise that does not exist. */
export async function gradeSubmission(request: GradeRequest & GradeOptions): Promise<Verdict> {
  const grader = openGrader();
  try {
    return await grader.grade(request, request);
  } finally {
    await grader.close();
  }
}

/** Starts a worker at once, and another whenever one is used up. */
export function openGrader(): Grader {
  throw new Error('not built yet');
}
