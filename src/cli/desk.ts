/** What a command of the terminal works on and with: the course, the learner's folder, where it writes. Tests put in their own. */

import { join } from 'node:path';
import type { Catalogue } from '#course/catalogue';
import { loadCatalogue, projectRoot } from '#course/node/course-files';
import type { Prediction } from '#course/predictions';
import type { Grader } from '#grade/node/grade';
import { type Look, lookOf, readable } from './look.ts';

export interface Desk {
  /** Where `content/`, `exercises/` and `my/` are. */
  readonly root: string;
  /** The learner's folder. */
  readonly my: string;
  /** Where the person stands who typed the command: relative names of files are relative to it. */
  readonly standing: string;
  readonly look: Look;
  catalogue(): Promise<Catalogue>;
  /** `standby`: keep a worker ready for the next submission. */
  openGrader(options: { standby: boolean }): Promise<Grader>;
  /** The key of the prediction's option that is right, as the engine finds it; undefined where nobody has told it how. */
  answerTo(prediction: Prediction): Promise<string | undefined>;
  /** What the lessons show of real runs. */
  experiments(): Promise<Experiments>;
  /** Writes lines for a person. */
  say(...lines: string[]): void;
  /** The same, where errors go. */
  complain(...lines: string[]): void;
  /** Writes text for a program, as it is. */
  write(text: string): void;
  /** Shows how far something has come, in one line that the next one replaces; nothing takes it away. Only on a terminal. */
  status(text?: string): void;
  now(): Date;
  /** From now until `release`, Ctrl-C ends what runs and not the process; pressed twice it ends that too. */
  interruption(): Interruption;
}

export type Experiments = typeof import('#course/node/experiments');

export interface Interruption {
  readonly signal: AbortSignal;
  release(): void;
}

/** The desk of the process that runs: this project, this terminal. */
export function thisDesk(): Desk {
  const look = lookOf(process.stdout);
  const errorLook = lookOf(process.stderr);
  return {
    root: projectRoot,
    my: join(projectRoot, 'my'),
    standing: standing(),
    look,
    catalogue: () => loadCatalogue(projectRoot),
    // Vitest and the compiler take a while to load; a word about a mistyped id need not wait for them.
    openGrader: async (options) => (await import('#grade/node/grade')).openGrader(options),
    answerTo,
    experiments: () => import('#course/node/experiments'),
    say: (...lines) => void process.stdout.write(readable(look, `${lines.join('\n')}\n`)),
    complain: (...lines) => void process.stderr.write(readable(errorLook, `${lines.join('\n')}\n`)),
    write: (text) => void process.stdout.write(text),
    status: (text = '') => showStatus(errorLook, text),
    now: () => new Date(),
    interruption,
  };
}

/** What is read out would be read out again and again. */
function showStatus(look: Look, text: string): void {
  if (!process.stderr.isTTY || look.spoken) return;
  process.stderr.write(`\r${readable(look, text.slice(0, look.width - 1))}\u001b[K`);
}

async function answerTo({ id, options }: Prediction): Promise<string | undefined> {
  // The kernel takes a while to load, and most keys need none.
  const engine = await import('#course/experiments/answer-to');
  const keys = options.map(({ key }) => key);
  try {
    return engine.answerTo(id, keys);
  } catch {
    return undefined;
  }
}

function interruption(): Interruption {
  const controller = new AbortController();
  const abort = () => controller.abort();
  process.once('SIGINT', abort).once('SIGTERM', abort);
  return {
    signal: controller.signal,
    release: () => void process.off('SIGINT', abort).off('SIGTERM', abort),
  };
}

/** Those that take the names of files. */
const SCRIPTS: readonly (string | undefined)[] = ['grade', 'replay', 'progress', 'lab', 'new', 'explore', 'kit'];

/** npm changes to the project's folder before it runs a script, and says where it was called. */
function standing(): string {
  const { npm_lifecycle_event: script, INIT_CWD: called } = process.env;
  return SCRIPTS.includes(script) && called !== undefined ? called : process.cwd();
}
