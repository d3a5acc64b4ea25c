/** The script that grades in a browser, here in a thread with just enough of a browser's worker scope. */

import { readdirSync, readFileSync } from 'node:fs';
import { MessageChannel, Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildWorker } from '../node/build-worker.ts';
import { openGrader } from '../node/grade.ts';
import type { ExpectRequest, GradeRequest, GraderMessage } from '../protocol.ts';
import { canonicalJson, withoutNative } from '../verdict.ts';

const root = new URL('../fixtures/', import.meta.url).href;
const exercise = 'two-counters';
const folder = new URL('exercises/05-two-counters/', root);

const browserScope = `
  import { parentPort, workerData } from 'node:worker_threads';
  import { runInThisContext } from 'node:vm';
  const texts = [];
  let onmessage;
  const soon = setImmediate;
  globalThis.MessageChannel = class {
    port2 = { onmessage: null };
    port1 = { postMessage: () => soon(() => this.port2.onmessage()) };
  };
  globalThis.Blob = class { constructor(parts) { this.text = parts.join(''); } };
  URL.createObjectURL = ({ text }) => 'blob:' + (texts.push(text) - 1);
  globalThis.importScripts = (url) => runInThisContext(texts[url.slice(5)], { filename: url });
  Object.defineProperty(globalThis, 'onmessage', { configurable: true, get: () => onmessage, set: (f) => (onmessage = f) });
  parentPort.on('message', (port) => {
    const plain = { postMessage: (message) => port.postMessage(message), onmessage: null };
    port.on('message', (data) => plain.onmessage?.({ data })); // events of Node's own make look for what is gone by then
    onmessage({ ports: [plain] });
  });
  process.on('unhandledRejection', () => {});
  runInThisContext(workerData, { filename: 'blob:grading' });
`;

let script = '';
const grader = openGrader({ root });
beforeAll(async () => {
  script = await buildWorker(root);
});
afterAll(() => grader.close());

interface Rehearsed extends Pick<ExpectRequest, 'expect'> {
  readonly milliseconds: number;
}

/** All that the worker says to one request, perhaps after it has been told so much earlier what to expect. */
async function ask(request: GradeRequest, rehearsed?: Rehearsed): Promise<GraderMessage[]> {
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(browserScope)}`), {
    workerData: script,
  });
  const { port1, port2 } = new MessageChannel();
  const messages: GraderMessage[] = [];
  try {
    await new Promise((resolve, reject) => {
      worker.on('error', reject);
      port1.on('message', (message: GraderMessage) => {
        messages.push(message);
        if (['verdict', 'replayed', 'refused', 'crashed'].some((last) => last in message)) resolve(undefined);
      });
      worker.postMessage(port2, [port2]);
      if (rehearsed) port1.postMessage({ expect: rehearsed.expect } satisfies ExpectRequest);
      setTimeout(() => port1.postMessage(request), rehearsed?.milliseconds ?? 0);
    });
    return messages;
  } finally {
    port1.close();
    await worker.terminate();
  }
}

async function verdictOf(source: string) {
  const last = (await ask({ exercise, source })).at(-1);
  if (!last || !('verdict' in last)) throw new Error(JSON.stringify(last));
  return last.verdict;
}

const fixtures = [
  'exercise.ts',
  'solution.ts',
  ...['right', 'wrong'].flatMap((kind) => readdirSync(new URL(kind, folder)).map((name) => `${kind}/${name}`)),
];

describe('the grading script', () => {
  test('is one function of a classic script: nothing of it is a global, and nothing is fetched', () => {
    expect(script).toMatch(/^\(function\(\)\{/);
    expect(script).toMatch(/\}\)\(\);\s*$/);
    expect(script).not.toMatch(/\bimport\s*\(\s*["'`]/);
  });

  test('is no larger than it need be: the compiler, the engine and the kernel', () => {
    expect(gzipSync(script).length).toBeLessThan(240_000);
  });

  test('tells what goes on, as a thread does', async () => {
    const messages = await ask({ exercise, source: readFileSync(new URL('solution.ts', folder), 'utf8') });
    const kinds = new Set(messages.map((message) => Object.keys(message)[0]));
    expect([...kinds]).toEqual(['checking', 'known', 'checked', 'verdict']);
  });

  test('says the same when it has rehearsed, for as long as there was time', async () => {
    const source = readFileSync(new URL('exercise.ts', folder), 'utf8');
    const expected = { exercise, source: readFileSync(new URL('solution.ts', folder), 'utf8') };
    const verdicts = await Promise.all(
      [undefined, 0, 100, 3000].map(async (milliseconds) => {
        const rehearsed = milliseconds === undefined ? undefined : { expect: expected, milliseconds };
        return (await ask({ exercise, source }, rehearsed)).at(-1);
      }),
    );
    expect(verdicts[0]).toHaveProperty('verdict');
    for (const each of verdicts) expect(each).toEqual(verdicts[0]);
  });

  test('says that an exercise is not in it', async () => {
    expect((await ask({ exercise: 'nothing', source: '' })).at(-1)).toMatchObject({
      crashed: expect.stringContaining('“nothing”'),
    });
  });

  test('replays', async () => {
    const source = readFileSync(new URL('exercise.ts', folder), 'utf8');
    const { schedule = '' } = (await verdictOf(source)).checks[1] ?? {};
    const [here, there] = [
      (await ask({ exercise, source, replay: schedule })).at(-1),
      await grader.replay({ exercise, source, replay: schedule }),
    ];
    expect(here).toEqual({ replayed: there });
  });
});

describe('its verdicts are those of a thread, to the byte', () => {
  test.each(fixtures)('%s', async (name) => {
    const source = readFileSync(new URL(name, folder), 'utf8');
    const [here, there] = [await verdictOf(source), await grader.grade({ exercise, source })];
    expect(canonicalJson(withoutNative(here))).toBe(canonicalJson(withoutNative(there)));
  });
});
