/** A trace of the watched simulation as one of the simulation alone. */

import type { Ending, Trace, TraceStep } from '#explore';
import { NOT_RECORDED, RECORDING } from './probes.ts';

/**
 * Leaves out the probes' own steps: what came with them belongs to the step before, of the same task. Nobody can move where the recording
 * ends, or goes on otherwise: how it ends is then given.
 */
export function withoutProbes(trace: Trace, ending: Ending = { kind: 'returned' }): Trace {
  const steps: TraceStep[] = [];
  for (const step of trace.steps) {
    if (step.operation !== '') steps.push({ ...step, blocked: step.blocked.filter(({ lock }) => lock !== RECORDING) });
    else {
      const before = steps.findLastIndex(({ task }) => task === step.task);
      const last = steps[before];
      if (last) steps[before] = { ...last, plain: [...last.plain, ...step.plain], locks: step.locks };
    }
  }
  const isStopped = trace.ending.kind === 'deadlock' || trace.ending.message === NOT_RECORDED;
  const waiting = new Set(trace.steps.at(-1)?.blocked.map(({ task }) => task));
  return {
    ...trace,
    steps: steps.map((step, at) => ({ ...step, switched: switchedAt(steps, at, waiting) })),
    ending: isStopped ? ending : trace.ending,
  };
}

/** Another task than before; a preemption if that one goes on later, or would if the recording let it. */
function switchedAt(steps: readonly TraceStep[], at: number, waiting: ReadonlySet<string>): TraceStep['switched'] {
  const before = steps[at - 1];
  const { task } = steps[at] as TraceStep;
  if (!before || before.task === task) return 'no';
  const wasBlocked = before.blocked.some((wait) => wait.task === before.task);
  const goesOn = waiting.has(before.task) || steps.slice(at).some((later) => later.task === before.task);
  return goesOn && !wasBlocked ? 'preemption' : 'switch';
}
