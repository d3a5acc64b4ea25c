/**
 * Every answer that the course knows gets the same verdict from a thread in Node and from a worker in the page's sandboxed
 * frame, to the byte; and so does every replay of a counterexample.
 */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openGrader } from '../../src/grade/node/grade.ts';
import { canonicalJson, type Verdict, withoutNative } from '../../src/grade/verdict.ts';
import { openFrame } from './in-the-frame.ts';
import { exercises, root, withSite } from './site.ts';

const site = withSite();
const grader = openGrader();
let inFrame: Awaited<ReturnType<typeof openFrame>>;

beforeAll(async () => {
  inFrame = await openFrame(await site().open('/'));
});
afterAll(() => grader.close());

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
    const [here, there] = await Promise.all([grader.grade(request), inFrame(request)]);
    expect(there).toHaveProperty('verdict');
    expect(textOf((there as { verdict: Verdict }).verdict)).toBe(textOf(here));
  });

  test('what the starter fails by, replayed', async () => {
    const request = { exercise: id, source: read('exercise.ts') };
    const { checks } = await grader.grade(request);
    const replay = checks.find(({ schedule }) => schedule)?.schedule;
    if (replay === undefined) return; // an exercise whose starter fails before any handler runs
    const here = await grader.replay({ ...request, replay });
    expect(canonicalJson(await inFrame({ ...request, replay }))).toBe(canonicalJson({ replayed: here }));
  });
});
