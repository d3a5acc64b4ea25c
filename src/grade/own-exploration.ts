/** Explores a program of the reader's own as its options say, and tells all that was found: for the terminal. */

import { type Exploration, type ExploreOptions, start } from '#explore';
import type { Face } from './harness.ts';
import { openSubmission } from './open.ts';
import { ownSchedule, programIn } from './own-race.ts';
import { failedAtLoad, failureOf } from './results.ts';
import { fingerprintOf } from './schedule.ts';
import { enterSession, newSession } from './session.ts';
import { say } from './texts.ts';
import { type Check, normalise, type SourceError, submissionHash } from './verdict.ts';

/** What can be asked for: plain data, since it goes to another thread. */
export type OwnOptions = Pick<
  ExploreOptions,
  'engine' | 'stopAt' | 'preemptions' | 'states' | 'executions' | 'steps' | 'seed'
>;

/** What came of it. */
export type OwnExploration =
  /** The file does not compile. */
  | { readonly errors: readonly SourceError[] }
  /** It exports no program, or its own code throws before anything can be explored. */
  | { readonly refused: Pick<Check, 'message' | 'native'> }
  | {
      readonly program: string;
      readonly exploration: Exploration;
      /** The first violation's, as a link carries it. */
      readonly schedule?: string;
    };

// Steps between two signs of life: hundredths of a second.
const SLICE = 1_000;

/** Compiles, loads and explores. Stops early where the face says so: then it gave up, and says what it knows by then. */
export async function exploreOwn(source: string, options: OwnOptions, face: Face): Promise<OwnExploration> {
  const submission = submissionHash(source);
  enterSession(newSession('explore', submission));
  let opened: ReturnType<typeof openSubmission>;
  try {
    opened = openSubmission(normalise(source), face.evaluate);
  } catch (error) {
    return { refused: failedAtLoad(error) };
  }
  if ('errors' in opened)
    return {
      errors: opened.errors.map(({ message, ...at }) => ({ ...at, message: say('syntax', { says: message }) })),
    };
  try {
    const program = programIn(opened.exports);
    const exploration = await searched(start(program, options), face);
    const { violation } = exploration;
    const schedule = violation && ownSchedule(violation.schedule, fingerprintOf(submission, violation.trace));
    return { program: program.name, exploration, ...(schedule === undefined ? {} : { schedule }) };
  } catch (error) {
    return { refused: failureOf(error, 'your program') };
  }
}

async function searched(search: ReturnType<typeof start>, face: Face): Promise<Exploration> {
  for (;;) {
    const exploration = search.run(SLICE);
    if (exploration) return exploration;
    face.tell({ alive: search.states + search.executions });
    if (await face.isStopped?.()) return search.stop('it was stopped');
  }
}
