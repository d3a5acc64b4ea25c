/** Schedules: `A3-B2-A` is three steps of A, two of B, one of A. Only characters that a URL leaves alone. */

export interface Turn {
  readonly task: string;
  readonly steps: number;
}

/** Throws, naming the place, at what is no schedule. An empty string is the schedule without a step. */
export function parseSchedule(schedule: string): Turn[] {
  const text = schedule.trim();
  if (text === '') return [];
  return text.split('-').map((part, index) => {
    const match = /^([A-Za-z_]+)(\d*)$/.exec(part);
    const steps = match?.[2] ? Number(match[2]) : 1;
    if (!match || steps < 1 || steps > 1_000_000) {
      throw new Error(
        `schedule, part ${index + 1} (${JSON.stringify(part)}): write a task's name and a number of steps, as in A3-B2-A`,
      );
    }
    return { task: match[1] as string, steps };
  });
}

/** The shortest way to write which task took each step. */
export function formatSchedule(tasks: readonly string[]): string {
  const turns: { task: string; steps: number }[] = [];
  for (const task of tasks) {
    const last = turns.at(-1);
    if (last?.task === task) last.steps++;
    else turns.push({ task, steps: 1 });
  }
  return turns.map(({ task, steps }) => (steps === 1 ? task : `${task}${steps}`)).join('-');
}
