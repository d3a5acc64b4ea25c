/** For the tests of reports: what a kernel prints of the first thing that goes wrong in a test's program. */

import { explore, type Frame, type Trace, type TraceStep } from '#explore';
import type { WorldDescription } from './description.ts';
import { kernelReport } from './report.ts';
import { sourceOf } from './sources.ts';
import { type Codes, programOf } from './testing.ts';

export function traceOf(codes: Codes, changes: Partial<WorldDescription> = {}): Trace {
  const { violation } = explore({ ...programOf(codes, changes), source: sourceOf });
  if (!violation) throw new Error('it holds');
  return violation.trace;
}

export const reportOf = (codes: Codes, changes: Partial<WorldDescription> = {}) =>
  kernelReport(traceOf(codes, changes)) ?? { source: 'nobody', lines: [], remarks: [] };

/** The end of a report of task A, the first: who it was, and where. */
export const callTraceOfA = (...frames: readonly string[]) => [
  'CPU: 0 PID: 1 Comm: A',
  'Call Trace:',
  ' <TASK>',
  ...frames,
  ' </TASK>',
];

/** A frame of the learner's. */
export const own = (name: string, line: number): Frame => ({ function: name, line });

/** A step of a trace that is made by hand. */
export const step = (task: string, operation: string, stack: readonly Frame[], more: Partial<TraceStep> = {}) => ({
  ...{ task, operation, stack, plain: [], locks: [], switched: 'no' as const, blocked: [] },
  ...more,
});
