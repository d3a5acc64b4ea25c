/** A session in a folder of its own, whose runs the test ends; made anew for each test of the file that imports it. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { readProgress } from '#course/node/progress-file';
import { progressOf } from '#course/progress';
import type { GradeOptions, Grader } from '#grade/node/grade';
import type { GradeRequest } from '#grade/protocol';
import type { Verdict } from '#grade/verdict';
import { check, testDesk, verdict } from '../fixtures.ts';
import { type Host, Session } from './session.ts';

export const passed = verdict([check('one', 1)]);
export const failed = verdict([check('one', 1, { status: 'failed' })]);

/** A run that the test ends when it wants to. */
export interface Run {
  readonly request: GradeRequest;
  readonly options: GradeOptions;
  end(verdict: Verdict): void;
}

export let root: string;
export let runs: Run[];
/** The session that keys are pressed in. */
export let session: Session;

export const grader: Grader = {
  grade: (request, options = {}) => {
    const { promise, resolve, reject } = Promise.withResolvers<Verdict>();
    runs.push({ request, options, end: resolve });
    if (request.source === 'breaks the grader') reject(new Error('no worker'));
    return promise;
  },
  replay: () => Promise.reject(new Error('not in these tests')),
  explore: () => Promise.reject(new Error('not in these tests')),
  expect: () => {},
  close: async () => {},
};

export const my = (name: string) => join(root, 'my', name);
export const save = (text: string, id = 'one-fault') => writeFile(my(`${id}.ts`), text);
export const entry = async (id = 'one-fault') => progressOf((await readProgress(join(root, 'my'))).progress, id);
export const edited: string[] = [];
export const copied: string[] = [];
export const host: Host = {
  changed: () => {},
  edit: async (path) => void edited.push(path),
  // A piece a screen, and any letter leads out.
  turn: (reading, key) => {
    const at = { '': reading.at, ' ': reading.end }[key];
    return at === undefined || at >= reading.pieces.length ? undefined : { ...reading, at, end: at + 1 };
  },
  copy: (text) => void copied.push(text),
};
export const open = (id?: string) =>
  Session.open(
    testDesk(root, () => passed),
    grader,
    host,
    id,
  );
export const press = async (...keys: string[]) => {
  for (const key of keys) await session.press(key);
};

/** Saves, looks, and ends the run with that verdict. */
export async function graded(text: string, as: Verdict): Promise<void> {
  await save(text);
  const looking = session.look();
  await expect.poll(() => runs.at(-1)?.request.source).toBe(text);
  runs.at(-1)?.end(as);
  await looking;
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'faultline-'));
  runs = [];
  session = await open();
});
afterEach(() => rm(root, { recursive: true }));

/** Goes on with another session. */
export async function use(opening: Promise<Session>): Promise<void> {
  session = await opening;
}
