/** Why one task goes on and another does not, and how an execution ends: the words, for what draws it and for what tells it. */

import type { Trace, TraceStep, Wait } from '#explore';
import type { EndingRole } from '#grade/ending';

/** Who goes on before a step, and why the one before does not; undefined where it is the same one. */
export function switchText({ steps }: Trace, index: number): string | undefined {
  const [before, next] = [steps[index - 1], steps[index]];
  if (!before || !next || before.task === next.task) return undefined;
  const why = next.switched === 'preemption' ? 'is interrupted' : whyItStops(before, steps.slice(index));
  return `${before.task} ${why}, ${next.task} goes on`;
}

function whyItStops({ task, blocked }: TraceStep, later: readonly TraceStep[]): string {
  const wait = blocked.find((each) => each.task === task);
  if (wait) return waitText(wait);
  const isStuck = later.at(-1)?.blocked.some((each) => each.task === task);
  return isStuck || later.some((step) => step.task === task) ? 'pauses' : 'is done';
}

/** What a task waits for, and who is in its way. */
export function waitText({ lock, heldBy, behind = [] }: Wait): string {
  const told = [
    ...(heldBy.length > 0 ? [`held by ${heldBy.join(', ')}`] : []),
    ...(behind.length > 0 ? [`behind ${behind.join(', ')}`] : []),
  ];
  return `waits for ${lock}${told.length === 0 ? '' : ` (${told.join(', ')})`}`;
}

/** How it ended, in the words of the message: what stands above it may be off the screen. */
export function endingText({ ending: { kind, message = '' } }: Trace, role: EndingRole): string {
  if (role === 'found') return `found: ${kind === 'check' ? message : [kind, message].filter(Boolean).join(': ')}`;
  return message === '' ? kind : `${kind}: ${message}`;
}
