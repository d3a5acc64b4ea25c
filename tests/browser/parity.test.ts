/** Every answer that the course knows gets the same verdict from a thread in Node and from a worker in a browser, to the byte. */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildWorker } from '../../src/grade/node/build-worker.ts';
import { openGrader } from '../../src/grade/node/grade.ts';
import type { GradeRequest, GraderMessage } from '../../src/grade/protocol.ts';
import { canonicalJson, type Verdict, withoutNative } from '../../src/grade/verdict.ts';
import { exercises, type OpenPage, root, withSite } from './site.ts';

const site = withSite();
const grader = openGrader();
let page: OpenPage;

beforeAll(async () => {
  page = await site().open('/');
  await page.evaluate(
    (script) => {
      const address = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
      Object.assign(window, { newGradingWorker: () => new Worker(address) });
    },
    await buildWorker(),
  );
});
afterAll(() => grader.close());

const inBrowser = (request: GradeRequest) => page.evaluate(gradeInPage, request);

/** In the page: the last thing that a fresh worker says. */
async function gradeInPage(request: GradeRequest): Promise<GraderMessage> {
  const worker = (window as unknown as { newGradingWorker(): Worker }).newGradingWorker();
  const { port1, port2 } = new MessageChannel();
  try {
    return await new Promise((resolve, reject) => {
      worker.onerror = (error) => reject(new Error(error.message));
      port1.onmessage = ({ data }) => ('verdict' in data || 'crashed' in data) && resolve(data);
      worker.postMessage(null, [port2]);
      port1.postMessage(request);
    });
  } finally {
    worker.terminate();
  }
}

const textOf = (verdict: Verdict) => canonicalJson(withoutNative(verdict));

/** The starter, the solution, and all right and wrong answers. */
function answersOf(id: string): string[] {
  const folder = join(
    root,
    'exercises',
    readdirSync(join(root, 'exercises')).find((name) => name.endsWith(`-${id}`)) ?? '',
  );
  const others = ['right', 'wrong'].flatMap((kind) => {
    const names = readdirSync(folder).includes(kind) ? readdirSync(join(folder, kind)) : [];
    return names.map((name) => `${kind}/${name}`);
  });
  return ['exercise.ts', 'solution.ts', ...others];
}

describe.each(exercises)('$id', ({ id, read }) => {
  test.each(answersOf(id))('%s', async (file) => {
    const request = { exercise: id, source: read(file) };
    const [here, there] = await Promise.all([grader.grade(request), inBrowser(request)]);
    expect(there).toHaveProperty('verdict');
    expect(textOf((there as { verdict: Verdict }).verdict)).toBe(textOf(here));
  });
});
