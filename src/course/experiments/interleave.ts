import { replay } from '#explore';
import type { AnyProgram } from './any-program.ts';

/** Lets `task` run until it has done that operation so many times. */
export interface Turn {
  readonly task: string;
  readonly until: string;
  readonly times: number;
}

/** The schedule of these turns, whatever number of steps each takes today; after them everyone runs to the end. */
export function interleave(program: AnyProgram, turns: readonly Turn[]): string {
  let schedule = '';
  let done = 0;
  for (const { task, until, times } of turns) {
    const { steps } = replay(program, schedule + task);
    const ahead = steps.slice(done);
    const ends = ahead.flatMap((step, at) =>
      step.task === task && step.operation.startsWith(`${until}(`) ? [at + 1] : [],
    );
    const taken = ends[times - 1];
    if (taken === undefined)
      throw new Error(`${program.name}: ${task} does not do ${until} ${times} times after ${schedule}`);
    schedule += `${task}${taken}-`;
    done += taken;
  }
  return schedule.slice(0, -1);
}
