import { expect, test } from 'vitest';
import { acquire, cell, explore, get, mutex, type Steps, set } from '#explore';
import { traceOf } from './fixtures.ts';
import { mutex_lock } from './kernel/locking/mutex.ts';
import { kernelReport } from './report.ts';

test('is the same from a trace that has been JSON', () => {
  const trace = traceOf({ A: ({ vdev }) => mutex_lock(vdev.vma_lock) });
  const report = kernelReport(trace);
  expect(report?.lines).toContain('1 lock held by A/1:');
  expect(kernelReport(JSON.parse(JSON.stringify(trace)))).toEqual(report);
});

test('there is none of a program that is no kernel', () => {
  const tasks: ((world: ReturnType<typeof setup>) => Steps<unknown>)[] = [
    ({ lock }) => acquire(lock),
    ({ x }) => set(x, 1),
  ];
  for (const task of tasks) {
    const { violation } = explore({ name: 'p', setup, tasks: (w) => ({ A: () => task(w), B: () => get(w.x) }) });
    expect(violation && kernelReport(violation.trace)).toBeUndefined();
  }
});

const setup = () => ({ lock: mutex('lock'), x: cell(0, 'x') });

test('nor of what no kernel notices', () => {
  const { steps, ...trace } = traceOf({ A: ({ vdev }) => mutex_lock(vdev.vma_lock) });
  for (const kind of ['returned', 'check', 'invariant', 'livelock'] as const)
    expect(kernelReport({ ...trace, steps, ending: { kind } })).toBeUndefined();
});

test('nor where nothing has been done', () => {
  for (const kind of [
    'bug',
    'warning',
    'use after free',
    'data race',
    'deadlock',
    'lock order',
    'lock misuse',
  ] as const)
    expect(kernelReport({ program: 'p', schedule: '', steps: [], ending: { kind } })).toBeUndefined();
});
