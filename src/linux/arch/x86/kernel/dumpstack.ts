/**
 * The lines of a report that say who it was and how he came there. Models arch/x86/kernel/dumpstack.c and lib/dump_stack.c, v5.14.
 * Left out, as the model does not know them: taint, versions and hardware, registers and the bytes of the code, offsets and sizes
 * of functions, modules; and what assembly and the entry code add below a trace.
 */

import type { Frame, Trace } from '#explore';
import { cpuOf, frameText, pidOf } from '../../../incident.ts';

/** `CPU: 0 PID: 1 Comm: A`. */
export function whoLine(trace: Trace, task: string): string {
  return `CPU: ${cpuOf(trace, task)} PID: ${pidOf(trace, task)} Comm: ${task}`;
}

/** The instruction at which a CPU stopped, and who called it: a trap's trace begins with the caller. */
export function trapLines(trace: Trace, task: string, [at, ...callers]: readonly Frame[]): string[] {
  return [whoLine(trace, task), ...(at ? [`RIP: ${frameText(at)}`] : []), ...callTrace(callers)];
}

/** Innermost first, between the marks. None where nothing is known of it. */
export function callTrace(frames: readonly Frame[]): string[] {
  return frames.length === 0
    ? []
    : ['Call Trace:', ' <TASK>', ...frames.map((frame) => ` ${frameText(frame)}`), ' </TASK>'];
}

// Less than that is not worth a line that says so.
const FEWEST_SHARED = 3;

/** A stack below another: frames that both end with are counted, not told again. */
export function stackLines(frames: readonly Frame[], told: readonly Frame[] = []): string[] {
  let shared = 0;
  const sameFromEnd = (at: number) => at <= frames.length && isSame(frames.at(-at), told.at(-at));
  while (sameFromEnd(shared + 1)) shared++;
  const isWorthIt = shared >= FEWEST_SHARED;
  const own = isWorthIt ? frames.slice(0, frames.length - shared) : frames;
  return [...own.map((frame) => ` ${frameText(frame)}`), ...(isWorthIt ? [` ... and ${shared} more, as above`] : [])];
}

const isSame = (one: Frame | undefined, other: Frame | undefined) =>
  one !== undefined && other !== undefined && frameText(one) === frameText(other);
