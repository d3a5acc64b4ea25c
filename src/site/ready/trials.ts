/** What a browser must have for the course. Each trial does the very thing that the pages do, in the way in which they do it. */

import { prefix } from '../keys.ts';
import { Sandbox } from '../sandbox/sandbox.ts';
import { Player } from '../scheduler/player.ts';
import { fragmentOf, readFragment } from '../share/link.ts';
import { read, remove, write } from '../workbench/kept.ts';
import { gradeIn } from '../workbench/run.ts';
import { type Answer, type Row, speedAnswer } from './report.ts';

interface Trial {
  readonly name: string;
  /** Whether no exercise can be done without it. */
  readonly isNeeded: boolean;
  /** What is the matter where it fails, and what to do about it. */
  readonly fails: string;
  readonly todo: string;
  /** Undefined where it fails; throws where a reason can be told. */
  run(): Promise<Answer | undefined>;
}

/** Seconds; whatever has not answered by then does not answer. */
const patience = 30;

const elsewhere = 'Try a window without extensions, then another browser.';

const good = (says: string): Answer => ({ state: 'good', says });

const styles: Trial = {
  name: 'Scripts and styles',
  isNeeded: false,
  fails: 'This browser is older than these pages, and shows them wrong',
  todo: 'Update it: Chrome or Edge 123, Firefox 120, Safari 17.5 or later.',
  run: async () =>
    CSS.supports('color', 'light-dark(#000, #fff)') ? good('They are as new as these pages.') : undefined,
};

const workers: Trial = {
  name: 'Workers',
  isNeeded: false,
  fails: 'They do not start here, and without them the games of the lessons do not run',
  todo: elsewhere,
  async run() {
    const player = new Player('reproduce-the-bug/by-hand');
    try {
      await player.play('');
      return good('A game of a lesson has begun.');
    } finally {
      player.close();
    }
  },
};

const sandbox: Trial = {
  name: 'Sandbox',
  isNeeded: true,
  fails: 'There is no locked frame to run in what you write',
  todo: elsewhere,
  run: async () => (await Sandbox.ofPage()) && good('What you write will run in a locked frame, apart from this page.'),
};

const exercise = 'can-the-lock-enclose-it';
/** In a file that a page fetches when it is asked for. */
const [solution] = Object.values(
  import.meta.glob<string>('/exercises/*-can-the-lock-enclose-it/solution.ts', { query: '?raw', import: 'default' }),
);

const grading: Trial = {
  name: 'Grading',
  isNeeded: true,
  fails: 'A right answer does not pass here',
  todo: `Reload this page. ${elsewhere}`,
  async run() {
    const opened = await Sandbox.ofPage();
    if (!opened || !solution) throw new Error('there is no sandbox to try it in');
    const request = { exercise, source: await solution() };
    const before = performance.now();
    const verdict = await gradeIn(opened, request, new AbortController().signal, () => undefined);
    return verdict?.outcome === 'passed' ? speedAnswer(performance.now() - before) : undefined;
  },
};

const storage: Trial = {
  name: 'Storage',
  isNeeded: false,
  fails: 'This browser stores nothing here: what you write is gone when the page is closed',
  todo: 'Allow this address to store data, or leave the private window. Else copy what you write before you close the page.',
  async run() {
    const [key, value] = [`${prefix}ready`, String(Math.random())];
    const isKept = write(key, value) && read(key) === value;
    remove(key);
    return isKept
      ? good('What you write stays in this browser; in a private window, until that is closed.')
      : undefined;
  },
};

const links: Trial = {
  name: 'Links',
  isNeeded: false,
  fails: 'An answer cannot be sent as a link',
  todo: 'Copy its text instead, or update the browser.',
  async run() {
    const shared = { exercise, code: 'A vma is a promise.\n'.repeat(50) };
    const { code } = await readFragment(await fragmentOf(shared));
    return code === shared.code ? good('An answer can be sent as a link, and read again.') : undefined;
  },
};

/** In the order in which they are tried: whatever takes time comes when nothing else does. */
export const trials: readonly Trial[] = [styles, workers, sandbox, grading, storage, links];

/** Never rejects: what goes wrong is the answer. */
export async function tried({ name, isNeeded, fails, todo, run }: Trial): Promise<Row> {
  const failed = (why: string): Answer => ({ state: isNeeded ? 'bad' : 'fair', says: `${fails}${why}.`, todo });
  try {
    return { name, ...((await within(run())) ?? failed('')) };
  } catch (error) {
    return { name, ...failed(` (${error instanceof Error ? error.message : error})`) };
  }
}

function within<T>(answer: Promise<T>): Promise<T> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error(`no answer within ${patience} seconds`)), patience * 1000);
  });
  return Promise.race([answer, late]);
}

/** What the address itself allows; nobody can do anything about it. */
export function placeRow(): Row {
  const name = 'This address';
  if (isSecureContext && 'serviceWorker' in navigator)
    return { name, ...good('After one visit the course works without its server.') };
  const why = isSecureContext
    ? 'This browser keeps no pages here'
    : 'It is not on https, so browsers keep no pages of it';
  const camera = isSecureContext ? '' : ' A camera cannot be used: type the room’s codes.';
  return { name, state: 'told', says: `${why}: the course works while its server is reached.${camera}` };
}
