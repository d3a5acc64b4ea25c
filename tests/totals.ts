/** Counting what ran, for the last lines of `npm test`. */

import type { LabCheck } from '../src/cli/lab-check-command.ts';

export interface Total {
  passed: number;
  failed: number;
  /** Why it did not run. */
  notRun?: string;
}

/** What is read of Vitest's JSON report. */
export interface Report {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { status: string; assertionResults: { status: string }[] }[];
}

/**
 * Counts a run of Vitest: each test, and as one failure each file that failed without a failed test (it did not load).
 * A run that ended badly and yet counted no failure, or left no report, is one failure.
 */
export function totalOf(report: Report | undefined, exitCode: number | null): Total {
  const unloadable = report?.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  const failed = (report?.numFailedTests ?? 0) + (unloadable?.length ?? 0);
  return { passed: report?.numPassedTests ?? 0, failed: exitCode === 0 && report ? failed : Math.max(1, failed) };
}

/** Counts the runs of a real kernel; those that could not be recorded are neither. A run that ended badly is at least one failure. */
export function labTotal(found: LabCheck | undefined, exitCode: number | null): Total {
  const { agreed = [], refused = [], notRecorded = [], skipped } = found ?? {};
  const isNothing = agreed.length + refused.length === 0;
  const notRun = skipped ?? (isNothing ? `nothing could be recorded of ${notRecorded.join(', ')}` : undefined);
  const failed = exitCode === 0 && found ? refused.length : Math.max(1, refused.length);
  return { passed: agreed.length, failed, ...(found && notRun !== undefined && { notRun }) };
}

/** The last lines: one for each stage, then the plain sum. */
export function summary(stages: ReadonlyMap<string, Total>): string {
  const width = Math.max(...[...stages.keys()].map((name) => name.length));
  const line = ([name, { passed, failed, notRun }]: [string, Total]): string =>
    `  ${name.padEnd(width)}  ${notRun ? `not run: ${notRun}` : `${passed} passed, ${failed} failed`}`;
  const sum = (of: 'passed' | 'failed'): number => [...stages.values()].reduce((total, stage) => total + stage[of], 0);
  return [...[...stages].map(line), `${sum('passed')} passed, ${sum('failed')} failed`].join('\n');
}
