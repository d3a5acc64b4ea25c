/**
 * What lockdep prints of locks taken in a ring. Models `print_circular_bug()` and `print_deadlock_bug()`, kernel/locking/lockdep.c, v5.14.
 * Left out: the last backtrace, which is that of #0. Said besides: by whom and under which lock each of the chain was taken; and the
 * scenario has a column for each CPU of the ring, not for two of them.
 */

import type { Frame, LockOrder, Trace } from '#explore';
import { callTrace, stackLines, whoLine } from '../../../arch/x86/kernel/dumpstack.ts';
import { cpuOf, type KernelReport, lastTask, taskName } from '../../../incident.ts';
import { banner, heldLines, labelOf, lockText, SOURCE } from './held.ts';

/** The report of a lock order, or of a deadlock over locks. Undefined where the trace tells of none. */
export function lockRing(trace: Trace): KernelReport | undefined {
  const { kind, orders = [] } = trace.ending;
  // The last one to come is the one that closes the ring.
  const closes = kind === 'deadlock' ? orders.findLastIndex(({ task }) => task === lastTask(trace)) : orders.length - 1;
  const last = orders.at(closes);
  if (!last) return undefined;
  if (orders.length === 1) return recursive(trace, last);
  return circular(trace, [...orders.slice(orders.indexOf(last)), ...orders.slice(0, orders.indexOf(last))]);
}

/** `ring`: each takes what the next one holds; the first one closes it. */
function circular(trace: Trace, ring: readonly LockOrder[]): KernelReport {
  const [own, ...others] = ring as readonly [LockOrder, ...LockOrder[]];
  return {
    source: SOURCE,
    lines: [
      ...banner('WARNING: possible circular locking dependency detected'),
      ...attempt(trace, own),
      'which lock already depends on the new lock.',
      '',
      'the existing dependency chain (in reverse order) is:',
      ...chain(trace, [own, ...others]),
      'other info that might help us debug this:',
      '',
      ...scenario(trace, ring),
      '',
      ...heldLines(trace, own.task, heldBefore(trace, own)),
      whoLine(trace, own.task),
    ],
    remarks: [
      trace.ending.kind === 'deadlock'
        ? 'lockdep says so at the last of these calls, and then the tasks wait for each other for ever.'
        : 'In no interleaving here do they wait for each other. lockdep says it all the same, at the first run of both orders.',
    ],
  };
}

/** One lock twice, or two of one class. */
function recursive(trace: Trace, own: LockOrder): KernelReport {
  const isSame = own.holds === own.takes;
  return {
    source: SOURCE,
    lines: [
      ...banner('WARNING: possible recursive locking detected'),
      ...attempt(trace, own),
      'other info that might help us debug this:',
      '',
      ...scenario(trace, [own]),
      '',
      ' May be due to missing lock nesting notation',
      '',
      ...heldLines(trace, own.task, heldBefore(trace, own)),
      'stack backtrace:',
      whoLine(trace, own.task),
      ...callTrace(own.takesAt),
    ],
    remarks: [
      isSame
        ? `${own.task} waits for itself: whoever holds a lock does not get it again.`
        : `Another task may take the two the other way round: to lockdep all locks of class ${own.takesClass} are one.`,
    ],
  };
}

function attempt(trace: Trace, { task, takes, takesClass, takesAt, holds, holdsClass, holdsAt }: LockOrder): string[] {
  return [
    `${taskName(trace, task)} is trying to acquire lock:`,
    ` ${lockText(takes, takesClass, takesAt)}`,
    '',
    'but task is already holding lock:',
    ` ${lockText(holds, holdsClass, holdsAt)}`,
    '',
  ];
}

/** The last of the others took what the first one holds; #0 is what the first one asks for. */
function chain(trace: Trace, [own, ...others]: readonly [LockOrder, ...LockOrder[]]): string[] {
  const links = [...others.toReversed(), own];
  const told: Frame[][] = [];
  return links
    .flatMap(({ task, holds, takes, takesClass, takesAt }, at) => {
      const longest = told.at(-1);
      told.push([...takesAt]);
      const by = `by ${taskName(trace, task)}, which held ${holds}`;
      return [
        '',
        `-> #${links.length - 1 - at} (${labelOf(takes, takesClass)}) ${by}:`,
        ...stackLines(takesAt, longest),
      ];
    })
    .concat('');
}

const COLUMN = 24;

/** A column for each CPU: all have taken the first lock when they come to the second. */
function scenario(trace: Trace, ring: readonly LockOrder[]): string[] {
  const [own, ...others] = ring as readonly [LockOrder, ...LockOrder[]];
  const row = (order: LockOrder, text: string) => `${' '.repeat(COLUMN * ring.indexOf(order) + 2)}${text}`;
  const heading = ring.map(({ task }) => `     CPU${cpuOf(trace, task)}`.padEnd(COLUMN)).join('');
  const rule = ring.map(() => '     ----'.padEnd(COLUMN)).join('');
  return [
    ' Possible unsafe locking scenario:',
    '',
    ...[heading, rule].map((line) => `  ${line}`.trimEnd()),
    ...ring.map((order) => row(order, `lock(${order.holdsClass ?? order.holds});`)),
    ...[...others, own].map((order) => row(order, `lock(${order.takesClass ?? order.takes});`)),
    '',
    ' *** DEADLOCK ***',
  ];
}

/** What a lock order's last step has taken is what the task was asking for. */
function heldBefore(
  { ending: { kind }, steps }: Trace,
  { task, holds, takes }: LockOrder,
): readonly string[] | undefined {
  if (kind !== 'lock order' || holds === takes) return undefined;
  return steps.findLast((step) => step.task === task)?.locks.filter((lock) => lock !== takes);
}
