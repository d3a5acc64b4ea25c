/**
 * What KASAN prints of a use after free. Models mm/kasan/report.c, v5.14. Left out: addresses, sizes, and the memory around.
 */

import type { Frame, Trace } from '#explore';
import { callTrace, stackLines, whoLine } from '../../arch/x86/kernel/dumpstack.ts';
import { type Event, type KernelReport, lastEvent, lastTask, pidOf, taskName } from '../../incident.ts';

/** The report: who uses what, and who allocated and freed it, as far as the trace shows it. */
export function kasanReport(trace: Trace): KernelReport | undefined {
  const task = lastTask(trace);
  const event = lastEvent(trace);
  const at = event?.stack[0];
  if (task === undefined || !event || !at) return undefined;
  const isFreedTwice = / is freed twice$/.test(trace.ending.message ?? '');
  const what = isFreedTwice ? 'double-free or invalid-free' : 'use-after-free';
  const used = usedIn(trace);
  const title = `BUG: KASAN: ${what} in ${at.function}`;
  const rule = '='.repeat(title.length);
  const access = isFreedTwice ? [] : [`${accessOf(event)} of ${used} by task ${taskName(trace, task)}`];
  return {
    source: 'Linux with KASAN (CONFIG_KASAN)',
    lines: [
      rule,
      title,
      ...access,
      '',
      whoLine(trace, task),
      ...callTrace(event.stack),
      ...historyLines(trace, used, event.stack),
      rule,
    ],
    remarks: ['Without KASAN, a kernel reads on in memory that may be somebody else’s by now.'],
  };
}

/** The field that is used, or the object that is freed twice. */
const usedIn = ({ ending: { message = '' } }: Trace) =>
  message.replace(/ (belongs to an object that was freed|is freed twice)$/, '');

const accessOf = ({ operation }: Event) => (/^(set|write|WRITE_ONCE)\b/.test(operation) ? 'Write' : 'Read');

/** Where the object was allocated and where it was freed. */
function historyLines(trace: Trace, used: string, told: readonly Frame[]): string[] {
  const sections = [
    ['Allocated', ({ result }: { result?: string }) => result !== undefined && isPart(used, result)],
    ['Freed', ({ operation }: Event) => isPart(used, /^\w*free\((.*)\)$/.exec(operation)?.[1] ?? '')],
  ] as const;
  const done = trace.steps.flatMap((step) => step.plain.map((event) => ({ ...event, task: step.task })));
  return sections.flatMap(([word, isIt]) => {
    const found = done.find(isIt);
    return found ? ['', `${word} by task ${pidOf(trace, found.task)}:`, ...stackLines(found.stack, told)] : [];
  });
}

/** An operation calls an object by its name, where it has one; a field of it is also told with its type. */
const isPart = (used: string, object: string) =>
  object !== '' && [used, used.replace(/^\w+ /, '')].some((name) => name === object || name.startsWith(`${object}.`));
