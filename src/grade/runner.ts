/**
 * Vitest's own runner, in this thread. The one file that touches its internal face (`vitest/internal/browser`), which has no
 * promise of stability: hence the exact pin. What it must do is tested through grade/node and grade/worker.
 */

import { expect, type RunnerTask, type RunnerTestCase, type SerializedConfig, TestRunner, test } from 'vitest';
import { startTests } from 'vitest/internal/browser';
import type { ChecksListener, DeclaredCheck } from './checks.ts';
import './matchers.ts';

type Runner = Parameters<typeof startTests>[1];

/** Globals that the runner looks up while it runs: what a hardened realm must keep. */
export const neededGlobals = ['AbortController', 'AbortSignal', 'clearTimeout', 'setTimeout'];

// What the runner reads. No time-outs: a search counts steps, not time.
const config = {
  root: '/',
  setupFiles: [],
  passWithNoTests: false,
  allowOnly: true,
  sequence: { hooks: 'stack', setupFiles: 'list', seed: 1, concurrent: false },
  maxConcurrency: 1,
  testTimeout: 0,
  hookTimeout: 0,
  retry: 0,
  includeTaskLocation: false,
  tags: [],
  strictTags: false,
  expect: {},
  snapshotOptions: {},
  fakeTimers: {},
  experimental: {},
} as unknown as SerializedConfig;

const silent = new Proxy({}, { get: () => async () => {} });

/** Runs the checks of one grader. Returns what went wrong outside of them, in the words of the exceptions. */
export async function runGrader(importGrader: () => Promise<unknown>, listener: ChecksListener): Promise<string[]> {
  provideWorkerState();
  const runner: Runner = {
    config,
    importFile: (_path, source) => (source === 'collect' ? importGrader() : undefined),
    onCollected: (files) => listener.collected(files.flatMap(testsOf).map(declared)),
    runTask: (task) => listener.check(declared(task), TestRunner.getTestFn(task)),
  };
  const files = await startTests(['/exercise.test.ts'], runner);
  const suites = files.flatMap((file) => [file, ...file.tasks]);
  return suites.flatMap((suite) => suite.result?.errors ?? []).map((error) => error.message);
}

/** Vitest and chai patch themselves on first use; once that is over, the realm can be frozen. */
export async function warmUp(): Promise<void> {
  const first = async () => {
    test('passes', () => expect(1).toBe(1));
    test('fails', () => expect(() => expect({ a: [1] }).toEqual({ a: [2] })).toThrow());
  };
  await runGrader(first, { collected() {}, check: async (_, run) => void (await run()) });
}

function provideWorkerState(): void {
  const state = {
    config,
    ctx: { pool: 'browser' },
    environment: { name: 'browser' },
    rpc: silent,
    onCleanup() {},
    durations: { environment: 0, prepare: 0 },
    current: undefined,
    metaEnv: {},
  };
  Reflect.defineProperty(globalThis, '__vitest_worker__', { value: state, configurable: true, writable: true });
}

function testsOf(task: RunnerTask): RunnerTestCase[] {
  return task.type === 'suite' ? task.tasks.flatMap(testsOf) : [task];
}

function declared(task: RunnerTestCase): DeclaredCheck {
  const { id, stage } = task.meta;
  return { id: id ?? '', name: task.name, stage: stage ?? 1 };
}
