/**
 * What a worker does while it waits: it goes through the grading that it expects, of a right answer that is ours, so that a JavaScript
 * engine has made machine code of compiler, engine, kernel and that exercise's worlds by the time they are needed, for handlers that are
 * compiled and watched as a submission's is. It leaves nothing behind, and no verdict depends on it.
 *
 * The realm has to be hardened before: machine code that was made for intrinsics which could still change is thrown away.
 */

import type { Exploration, Search } from '#explore';
import type { GraderCheck } from './checks.ts';
import type { Face, GradedExercise } from './harness.ts';
import { openSubmission } from './open.ts';
import { enterSession, newSession } from './session.ts';
import { provideSubmission } from './submission.ts';
import { chooseVariant } from './variants.ts';
import { submissionHash } from './verdict.ts';

// What optimises a function waits until it has been called often: after two, verdicts came a fifth later.
const ROUNDS = 4;
/** Of a search, in one slice: a few milliseconds. */
const STEPS = 500;

/** Rehearses the gradings of one exercise; has a turn whenever nobody else wants one. */
export class Rehearsal {
  readonly #exercise: GradedExercise;
  readonly #face: Pick<Face, 'evaluate' | 'readChecks'>;
  readonly #later: (slice: () => void) => void;
  #isOver = false;
  readonly #ended: Promise<void>;

  /**
   * Begins.
   *
   * @param source a submission that passes
   * @param later calls what it is given once those who wait have had their turn
   */
  constructor(
    exercise: GradedExercise,
    source: string,
    face: Pick<Face, 'evaluate' | 'readChecks'>,
    later: (slice: () => void) => void,
  ) {
    this.#exercise = exercise;
    this.#face = face;
    this.#later = later;
    // Whatever is wrong with it, gradings find: here it is only slower.
    this.#ended = this.#rehearse(source).catch(() => undefined);
  }

  /** Ends it. Resolves as soon as nothing of it runs any more: a grading must not begin before. */
  end(): Promise<void> {
    this.#isOver = true;
    return this.#ended;
  }

  async #rehearse(source: string): Promise<void> {
    for (let round = 0; round < ROUNDS; round++) {
      await this.#turn();
      chooseVariant();
      const opened = openSubmission(source, this.#face.evaluate);
      if ('errors' in opened) return;
      provideSubmission(opened.exports);
      const { checks } = await this.#face.readChecks(() => this.#exercise.importGrader());
      const submission = submissionHash(source);
      for (const check of checks) await this.#rehearseCheck(check, submission);
    }
  }

  /** Runs a check again and again, each time as far as a search that has not been run; and that one in slices. */
  async #rehearseCheck({ id, run }: GraderCheck, submission: string): Promise<void> {
    const explorations: Exploration[] = [];
    for (let search: Search | undefined; ; ) {
      await this.#turn();
      const known = explorations.values();
      const searched = (begin: () => Search): Exploration => {
        const { value } = known.next();
        if (value) return value;
        search = begin();
        throw new NotYet();
      };
      enterSession({ ...newSession(id, submission), searched });
      search = undefined;
      await settled(run);
      if (!search) return;
      explorations.push(await this.#inSlices(search));
    }
  }

  async #inSlices(search: Search): Promise<Exploration> {
    for (;;) {
      const exploration = search.run(STEPS);
      if (exploration) return exploration;
      await this.#turn();
    }
  }

  /** Throws `Over` instead of going on when it is to end. */
  async #turn(): Promise<void> {
    await new Promise<void>((resolve) => this.#later(resolve));
    if (this.#isOver) throw new Over();
  }
}

/** Thrown out of a check that comes to a search which has not been run. */
class NotYet {}

class Over {}

async function settled(run: () => unknown): Promise<void> {
  try {
    await run();
  } catch {
    // It has come to a search, or does not pass: both are no matter.
  }
}
