/** Programs without a kernel: tasks that count faults in one shared cell. */

import { type Cell, cell, type Program, read, type Steps, update, write } from '#explore';

interface Counting {
  readonly faults: Cell<number>;
}

/** Each task counts once. */
function counting(name: string, tasks: readonly string[], count: (faults: Cell<number>) => Steps): Program<Counting> {
  return {
    name,
    setup: () => ({ faults: cell(0, 'faults') }),
    tasks: ({ faults }) => Object.fromEntries(tasks.map((task) => [task, () => count(faults)])),
    check: ({ faults }, now) => {
      const counted = now.get(faults);
      return counted === tasks.length
        ? undefined
        : `lost update: ${tasks.length} faults, and the counter says ${counted}`;
    },
    outcome: ({ faults }, now) => `faults = ${now.get(faults)}`,
    picture: ({ faults }, now) => ({ faults: now.get(faults) }),
  };
}

function* countFault(faults: Cell<number>): Steps {
  const n = yield* read(faults);
  yield* write(faults, n + 1);
}

function* countFaultAtOnce(faults: Cell<number>): Steps {
  yield* update(faults, (n) => n + 1);
}

export const lostUpdate = counting('two tasks count', ['A', 'B'], countFault);
export const threeTasks = counting('three tasks count', ['A', 'B', 'C'], countFault);
export const atomicUpdate = counting('two tasks count at once', ['A', 'B'], countFaultAtOnce);
