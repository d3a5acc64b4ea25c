/** Renamings of tasks: each task of a group becomes one of the group, no two the same. */

/** By task: who it becomes. */
export type Renaming = readonly number[];

export function identity(tasks: number): number[] {
  return Array.from({ length: tasks }, (_, task) => task);
}

/** All renamings that move these tasks alone, each within its group, and fill up with whoever is left. */
export function* renamingsOf(
  moved: readonly number[],
  groupOf: (task: number) => readonly number[],
  tasks: number,
): Iterable<Renaming> {
  const to = new Map<number, number>();
  function* from(at: number): Iterable<Renaming> {
    const task = moved[at];
    if (task === undefined) {
      yield filled(to, groupOf, tasks);
      return;
    }
    for (const other of groupOf(task)) {
      if ([...to.values()].includes(other)) continue;
      to.set(task, other);
      yield* from(at + 1);
      to.delete(task);
    }
  }
  yield* from(0);
}

/** Those whose place was taken take the places that are free, in order. */
function filled(
  some: ReadonlyMap<number, number>,
  groupOf: (task: number) => readonly number[],
  tasks: number,
): Renaming {
  const to = identity(tasks);
  const taken = new Set(some.values());
  for (const [task, other] of some) to[task] = other;
  for (let task = 0; task < tasks; task++) {
    if (some.has(task) || !taken.has(task)) continue;
    const free = groupOf(task).find((each) => !taken.has(each) && some.has(each)) as number;
    to[task] = free;
    taken.add(free);
  }
  return to;
}
