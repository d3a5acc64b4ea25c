/** What Linux would have printed of an execution: for people who will meet the real thing in a log. */

import type { Trace } from '#explore';
import { isOfKernel, type KernelReport } from './incident.ts';
import { kcsanReport } from './kernel/kcsan/report.ts';
import { lockRing, misuseReport } from './kernel/locking/lockdep.ts';
import { bugReport, warnReport } from './lib/bug.ts';
import { kasanReport } from './mm/kasan/report.ts';

export type { KernelReport };

/**
 * The report of how the trace ends; undefined where a kernel would notice nothing, or the program is none.
 * Made of the trace alone, so it is no part of a verdict: both faces derive the same one.
 */
export function kernelReport(trace: Trace): KernelReport | undefined {
  if (!isOfKernel(trace)) return undefined;
  switch (trace.ending.kind) {
    case 'bug':
      return bugReport(trace);
    case 'warning':
      return warnReport(trace);
    case 'use after free':
      return kasanReport(trace);
    case 'data race':
      return kcsanReport(trace);
    case 'deadlock':
    case 'lock order':
      return lockRing(trace);
    case 'lock misuse':
      return misuseReport(trace);
    default:
      return undefined;
  }
}
