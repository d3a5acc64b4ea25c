/**
 * What KCSAN prints of a data race. Models kernel/kcsan/report.c, v5.14, with CONFIG_KCSAN_VERBOSE, which adds the locks.
 * Left out: addresses and bytes, and by how much a value changed. A field is named instead.
 */

import type { Access, Trace } from '#explore';
import { stackLines, whoLine } from '../../arch/x86/kernel/dumpstack.ts';
import { cpuOf, type KernelReport, taskName } from '../../incident.ts';
import { heldLines } from '../locking/lockdep/held.ts';

/** The report: both accesses, each with its task, its stack and its locks. Undefined where the trace has not got them. */
export function kcsanReport(trace: Trace): KernelReport | undefined {
  const [one, other] = trace.ending.accesses ?? [];
  if (!one || !other) return undefined;
  // Ordered by name, so that one bug has one title.
  const [first, second] = [functionOf(one), functionOf(other)].sort();
  const title = `BUG: KCSAN: data-race in ${first} / ${second}`;
  const rule = '='.repeat(title.length);
  return {
    source: 'Linux with KCSAN (CONFIG_KCSAN)',
    lines: [
      rule,
      title,
      '',
      ...accessLines(trace, one),
      '',
      ...accessLines(trace, other, one),
      '',
      'Reported by Kernel Concurrency Sanitizer on:',
      whoLine(trace, trace.steps.at(-1)?.task ?? one.task),
      rule,
    ],
    remarks: [remarkOn(one, other)],
  };
}

function accessLines(trace: Trace, { task, cell, access, plain, stack, locks }: Access, told?: Access): string[] {
  const how = plain ? access : `${access} (marked)`;
  return [
    `${how} to ${cell} by task ${taskName(trace, task)} on cpu ${cpuOf(trace, task)}:`,
    ...stackLines(stack, told?.stack),
    ...heldLines(trace, task, locks),
  ];
}

/** The function that makes the access. */
const functionOf = ({ stack, task }: Access) => stack[0]?.function ?? task;

function remarkOn(one: Access, other: Access): string {
  const common = one.locks.filter((lock) => other.locks.includes(lock));
  if (common.length === 0) return 'There is no lock that both held: nothing orders the two.';
  return `Both held ${common.join(', ')}, as readers: readers keep each other from nothing.`;
}
