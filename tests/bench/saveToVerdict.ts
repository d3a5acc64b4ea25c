/**
 * From saving a file to its verdict, in `npm run learn` and in `vitest --watch` on the same exercise and the same saves, in turns;
 * and from a cold start to the first verdict. `node saveToVerdict.ts [saves]`. Both run in a pseudo-terminal (util-linux's
 * `script`), in a copy of the house, and are timed by when the outcome appears on their screens. Prints JSON, or nothing where
 * there is no `script`.
 */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const project = resolve(import.meta.dirname, '../..');
const exercise = 'one-fault';
const folder = `exercises/05-${exercise}`;

/** Milliseconds, medians. */
export interface SaveToVerdict {
  readonly saves: { readonly ours: number; readonly vitest: number };
  readonly cold: { readonly grade: number; readonly learn: number; readonly vitest: number };
}

/** What a program shows when an answer has failed, and when it has passed. */
interface Face {
  readonly command: readonly string[];
  readonly ready: RegExp;
  readonly outcome: { readonly failed: RegExp; readonly passed: RegExp };
}

const node = JSON.stringify(process.execPath);
const vitest = `${node} node_modules/vitest/vitest.mjs`;
const inVitest = `--config vitest.exercises.config.ts ${folder}`;
const ours = { failed: /Not yet:/, passed: /Passed:/ };
const theirs = { failed: /Tests .*failed/, passed: /Tests +\d+ passed/ };

const faces: Readonly<Record<'learn' | 'vitest', Face>> = {
  learn: { command: [node, 'src/cli/run.cjs', 'src/cli/learn.ts', exercise], ready: ours.passed, outcome: ours },
  vitest: { command: [vitest, '--watch', inVitest], ready: /Waiting for file changes/, outcome: theirs },
};

function buildHouse(): string {
  const house = realpathSync(mkdtempSync(join(tmpdir(), 'faultline-bench-')));
  for (const name of [
    'src',
    'exercises',
    'content',
    'package.json',
    'tsconfig.base.json',
    'vitest.exercises.config.ts',
  ])
    cpSync(join(project, name), join(house, name), { recursive: true });
  symlinkSync(join(project, 'node_modules'), join(house, 'node_modules'), 'junction');
  mkdirSync(join(house, 'my'));
  return house;
}

const house = buildHouse();
let saves = 0;

/** Both judge the same text; that no two are alike keeps either from knowing the answer. */
function save(name: 'solution.ts' | 'exercise.ts'): number {
  const file = join(house, 'my', `${exercise}.ts`);
  const text = `${readFileSync(join(project, folder, name), 'utf8')}// Save ${saves++}.\n`;
  const before = performance.now();
  writeFileSync(file, text);
  return before;
}

/** A program in a terminal of its own. */
class Screen {
  readonly #child: ChildProcess;
  #text = '';
  #look: () => void = () => {};

  constructor(command: string) {
    const env = { ...process.env, NO_COLOR: '1', TERM: 'xterm', LC_ALL: 'C.UTF-8', CI: '' };
    this.#child = spawn('script', ['-qfec', command, '/dev/null'], {
      cwd: house,
      env,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#child.stdout?.on('data', (data) => {
      this.#text += data;
      this.#look();
    });
  }

  /** Resolves with the time at which that appears, in what is shown from now on or was not asked for yet. */
  shows(what: RegExp): Promise<number> {
    const { promise, resolve: found } = Promise.withResolvers<number>();
    this.#look = () => {
      if (!what.test(this.#text)) return;
      this.#look = () => {};
      found(performance.now());
    };
    this.#look();
    return promise;
  }

  forget(): void {
    this.#text = '';
  }

  async close(): Promise<void> {
    const ended = new Promise((done) => this.#child.once('close', done));
    this.#child.kill();
    await ended;
  }
}

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Saves the starter and the solution in turns; each time until the outcome is shown. */
async function timeSaves({ command, ready, outcome }: Face, rounds: number): Promise<number> {
  save('solution.ts');
  const screen = new Screen(command.join(' '));
  await screen.shows(ready);
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const [name, what] of [
      ['exercise.ts', outcome.failed],
      ['solution.ts', outcome.passed],
    ] as const) {
      await settled();
      screen.forget();
      const before = save(name);
      times.push((await screen.shows(what)) - before);
    }
  }
  await screen.close();
  // The first of each is slower, in both: nothing is warm.
  return median(times.slice(2));
}

/** A learner thinks between two saves; so what is got ready in the background is ready. */
const settled = () => new Promise((done) => setTimeout(done, 1500));

async function timeCold(command: string, passed: RegExp, rounds: number): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    save('solution.ts');
    const before = performance.now();
    const screen = new Screen(command);
    times.push((await screen.shows(passed)) - before);
    await screen.close();
  }
  // The first fills the caches that every later start has.
  return median(times.slice(1));
}

async function measure(rounds: number): Promise<SaveToVerdict> {
  const grade = `${node} src/cli/run.cjs src/cli/grade.ts ${exercise}`;
  return {
    cold: {
      grade: await timeCold(grade, ours.passed, rounds),
      learn: await timeCold(faces.learn.command.join(' '), ours.passed, rounds),
      vitest: await timeCold(`${vitest} run ${inVitest}`, theirs.passed, rounds),
    },
    saves: { ours: await timeSaves(faces.learn, rounds), vitest: await timeSaves(faces.vitest, rounds) },
  };
}

try {
  if (spawnSync('script', ['--version']).status === 0)
    console.log(JSON.stringify(await measure(Number(process.argv[2] ?? 5))));
} finally {
  rmSync(house, { recursive: true, force: true });
}
