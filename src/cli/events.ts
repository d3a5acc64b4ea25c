/** What belongs together among the events of a trace, for what draws it and for what tells it. */

import type { Frame, Trace, TraceEvent, TraceStep } from '#explore';

// So many plain accesses of one call are summed up.
const MANY = 3;

/** The call that an access is summed up under; undefined for none. */
export type CallOf = (event: TraceEvent) => string | undefined;

/** The events, but one call for all that it does in many. */
export function summedUp(events: readonly TraceEvent[], callOf: CallOf): (TraceEvent | string)[] {
  const groups: { call: string | undefined; events: TraceEvent[] }[] = [];
  for (const event of events) {
    const call = callOf(event);
    const last = groups.at(-1);
    if (last && call !== undefined && last.call === call) last.events.push(event);
    else groups.push({ call, events: [event] });
  }
  return groups.flatMap(({ call, events: together }): readonly (TraceEvent | string)[] =>
    call !== undefined && together.length >= MANY ? [call] : together,
  );
}

/**
 * The call that an access belongs to: `list_add()  :36` for what the learner's line 36 calls, `list_del()` for what the
 * kernel's function that makes the step calls. Undefined for an access of either's own.
 */
export function callOf(event: TraceEvent, place: string | undefined): string | undefined {
  const own = event.stack.findIndex((frame) => frame.line !== undefined);
  const called = own < 0 ? event.stack[0] : event.stack[own - 1];
  if (!called || called.function === primitiveOf(event) || called.function === place) return undefined;
  return own < 0 ? `${called.function}()` : `${called.function}()  :${event.stack[own]?.line}`;
}

/** Is this access what the trace is about? Then it is never summed up. */
export function isTheMatter({ ending }: Trace, { operation }: TraceEvent): boolean {
  if (ending.kind === 'use after free') return true;
  const cell = ending.message?.split(': ', 1)[0] ?? '';
  return ending.kind === 'data race' && (operation.includes(`(${cell},`) || operation.includes(`(${cell})`));
}

/** The function that does the step, as the reader knows it. */
export function functionOf(step: TraceStep): Frame | undefined {
  return step.stack.find((frame) => frame.function !== primitiveOf(step)) ?? step.stack[0];
}

/** The function that the operation itself names: `mutex_lock(vma_lock)` → `mutex_lock`. */
function primitiveOf({ operation }: { operation: string }): string {
  return operation.split('(', 1)[0] ?? '';
}
