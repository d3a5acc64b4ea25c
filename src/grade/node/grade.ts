/** Grading in Node: each submission in a worker thread of its own, watched from here. */

import { totalmem } from 'node:os';
import type { Looked } from '../explored.ts';
import type { OwnExploration, OwnOptions } from '../own-exploration.ts';
import { ownRaceId } from '../own-race-id.ts';
import type { Checking, GradeRequest, Replayed } from '../protocol.ts';
import type { Verdict } from '../verdict.ts';
import { exerciseFolders, projectRoot, solutionOf } from './exercises.ts';
import { Thread } from './thread.ts';

export interface GradeOptions {
  /** What is going on, for those who watch: the check that has begun, and what its search has come to. */
  onProgress?(progress: Progress): void;
  /** Ends the run: the verdict is `stopped`. */
  readonly signal?: AbortSignal;
  /** A run that shows no progress for so many seconds is hung (default 10). Its total time is never limited. */
  readonly patience?: number;
}

export interface Progress extends Looked {
  readonly checking?: Checking;
}

/** Grades submissions, each in a fresh thread; one is always ready for the next. */
export interface Grader {
  /** Throws for an exercise that does not exist; for everything the submission does there is a verdict. */
  grade(request: GradeRequest, options?: GradeOptions): Promise<Verdict>;
  /** One execution of the program that a schedule points at. Throws where there is no such program or execution. */
  replay(request: GradeRequest & { readonly replay: string }, options?: GradeOptions): Promise<Replayed>;
  /**
   * Explores a program of the reader's own; aborted, it tells what it has found by then. Throws where the run had to be ended (it hung,
   * it took all the memory), with the reason in words.
   */
  explore(source: string, explore: OwnOptions, options?: GradeOptions): Promise<OwnExploration>;
  /**
   * The exercise that is likely to be graded next, until another one is: the thread that is ready rehearses its grading meanwhile. For one
   * who waits for each verdict, not where many are wanted.
   */
  expect(exercise: string): void;
  close(): Promise<void>;
}

export interface GraderOptions {
  /** URL of the folder that holds `exercises/` and `content/`; it ends in a slash. */
  readonly root?: string;
  /** Keep a thread ready for the next submission (default true). */
  readonly standby?: boolean;
  /** What one submission may take of the memory (default: fairShare). */
  readonly megabytes?: number;
}

/** Grades one submission. Throws for an exercise that does not exist. */
export async function gradeSubmission(request: GradeRequest & GradeOptions & GraderOptions): Promise<Verdict> {
  const { exercise, source, variant, ...options } = request;
  const grader = openGrader({ ...options, standby: false });
  try {
    return await grader.grade({ exercise, source, ...(variant === undefined ? {} : { variant }) }, options);
  } finally {
    await grader.close();
  }
}

/** So that a submission is ended before a small machine, or a container, ends this process. FAULTLINE_MEGABYTES says otherwise. */
function fairShare(): number {
  const told = Number(process.env.FAULTLINE_MEGABYTES);
  if (told > 0) return told;
  // 0 where there is no limit, and more than there is where the limit is none.
  const constrained = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  return Math.min(2048, Math.floor(Math.min(totalmem(), constrained) / 2 / 2 ** 20));
}

/** Opens a grader, and starts its first thread at once. */
export function openGrader({
  root = projectRoot,
  standby = true,
  megabytes = fairShare(),
}: GraderOptions = {}): Grader {
  let expected: string | undefined;
  const start = () => {
    const thread = new Thread(root, megabytes);
    if (expected !== undefined) thread.expect({ exercise: expected, source: solutionOf(root, expected) });
    return thread;
  };
  let ready: Thread | undefined = start();
  const running = new Set<Thread>();
  let isClosed = false;

  async function withThread<T>({ exercise }: GradeRequest, use: (thread: Thread) => Promise<T>): Promise<T> {
    if (exercise !== ownRaceId && !(exercise in exerciseFolders(root)))
      throw new Error(`there is no exercise “${exercise}”`);
    const thread = ready ?? start();
    // The next one takes time to be ready: from the one who waits for this verdict; from nobody, where many are wanted.
    ready = standby && expected === undefined ? start() : undefined;
    if (expected !== undefined && exercise !== ownRaceId) expected = exercise;
    running.add(thread);
    try {
      return await use(thread);
    } finally {
      running.delete(thread);
      if (standby && !isClosed) ready ??= start();
      await thread.end();
    }
  }

  return {
    grade: (request, options) => withThread(request, (thread) => thread.grade(request, options)),
    replay: (request, options) => withThread(request, (thread) => thread.replay(request, options)),
    explore(source, explore, options) {
      const request = { exercise: ownRaceId, source, explore };
      return withThread(request, (thread) => thread.explore(request, options));
    },
    expect(exercise) {
      const isNew = expected === undefined;
      expected = exercise;
      if (isNew) ready?.expect({ exercise, source: solutionOf(root, exercise) });
    },
    async close() {
      isClosed = true;
      await Promise.all([...running, ...(ready ? [ready] : [])].map((thread) => thread.end()));
      ready = undefined;
    },
  };
}
