/** Where a move leads in an execution. Positions are numbers of steps taken. */

import type { Trace, TraceStep } from '#explore';

export type Move = 'first' | 'back' | 'forward' | 'last' | 'over' | 'switch';

/** Never before the beginning or behind the end. */
export function placeAfter(move: Move, at: number, trace: Pick<Trace, 'steps'>): number {
  const { steps } = trace;
  const to = { first: 0, back: at - 1, forward: at + 1, last: steps.length };
  if (move === 'over') return overFunction(at, steps);
  if (move === 'switch') return nextSwitch(at, steps);
  return Math.min(Math.max(to[move], 0), steps.length);
}

/** To the task's next step whose stack is no deeper than that of the step it has just made; to the end, if there is none. */
function overFunction(at: number, steps: readonly TraceStep[]): number {
  const here = steps[at - 1];
  if (!here) return Math.min(at + 1, steps.length);
  const next = steps.findIndex(
    (step, index) => index >= at && step.task === here.task && depthOf(step) <= depthOf(here),
  );
  return next < 0 ? steps.length : next + 1;
}

/** Some operations have a frame of their own, and some have none. */
const depthOf = ({ operation, stack }: TraceStep): number =>
  stack.filter((frame) => !operation.startsWith(`${frame.function}(`)).length;

/** To the first step of whoever runs next. */
function nextSwitch(at: number, steps: readonly TraceStep[]): number {
  const next = steps.findIndex(({ switched }, index) => index >= at && switched !== 'no');
  return next < 0 ? steps.length : next + 1;
}
