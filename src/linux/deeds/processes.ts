/** Processes that begin and end. */

import { join, write } from '#explore';
import type { WorldDescription } from '../description.ts';
import type { mm_struct } from '../include/linux/mm_types.ts';
import type { task_struct } from '../include/linux/sched.ts';
import { kernel_clone, mmput } from '../kernel/fork.ts';
import type { Kernel } from '../kernel.ts';
import type { Machine } from '../machine.ts';
import { doneIn, processesOf } from '../places.ts';
import { refuse, show } from '../words.ts';
import type { DeedKind } from './deed.ts';

export interface Fork {
  readonly kind: 'fork';
  readonly child: string;
  readonly process?: string;
}

export interface Exit {
  readonly kind: 'exit';
  readonly process?: string;
}

/**
 * The task forks its process, which is the first one unless given. The child has a copy of each vma: `fork('c')` makes c.v of v, and
 * tasks that touch c.v run once it is there.
 */
export function fork(child: string, process?: string): Fork {
  return process === undefined ? { kind: 'fork', child } : { kind: 'fork', child, process };
}

/** The process, the first one unless given, ends once its other tasks have: what it has mapped is taken down. */
export function exit(process?: string): Exit {
  return process === undefined ? { kind: 'exit' } : { kind: 'exit', process };
}

const processNamed = ({ processes }: Machine, name: string) => processes[name] as mm_struct;

/** Refuses a process that is not there; none is the first one. */
function checkProcess(process: string | undefined, where: string, world: WorldDescription): void {
  const names = processesOf(world).map(({ name }) => name);
  if (process !== undefined && !names.includes(process))
    refuse(`${where}: there is no process ${show(process)}; there is ${names.join(', ')}`);
}

export const forking: DeedKind<Fork> = {
  example: "fork('c')",
  describe: ({ child, process }) => `fork(${process === undefined ? child : `${child}, ${process}`})`,
  check({ child, process }, where, world) {
    if (typeof child !== 'string' || !/^\w+$/.test(child))
      refuse(`${where}, fork: the child is ${show(child)}: give it a name of letters, digits and _, such as 'c'`);
    if (processesOf(world).filter(({ name }) => name === child).length > 1)
      refuse(`${where}, fork: there is a process ${child} already: give the child a name of its own`);
    checkProcess(process, `${where}, fork`, world);
  },
  process: ({ process }, world) => doneIn(process, world),
  foresee: () => ({ reshapesVmas: true }),
  *run({ child, process }, machine, task) {
    const parent = process === undefined ? (task.mm as mm_struct) : processNamed(machine, process);
    return (yield* kernel_clone(parent, processNamed(machine, child))) ? 'out of memory' : 'forked';
  },
  *omit({ child }, machine) {
    const { birth } = processNamed(machine, child);
    if (birth) yield* write(birth, 'never', '');
  },
};

/** Waits for the process's other tasks, which in Linux a signal would end, and takes the address space down. */
function* endOf(machine: Machine, self: task_struct): Kernel {
  for (const other of Object.values(machine.tasks)) {
    if (other !== self && other.mm === self.mm) yield* join(other.comm);
  }
  yield* mmput(self.mm as mm_struct);
}

export const exiting: DeedKind<Exit> = {
  example: 'exit()',
  describe: ({ process = '' }) => `exit(${process})`,
  check({ process }, where, world) {
    checkProcess(process, `${where}, exit`, world);
    const tasks = Object.values(world.tasks).flatMap((task) => [Array.isArray(task) ? task : [task]]);
    const isExit = (deed: unknown) =>
      (deed as Exit)?.kind === 'exit' && doneIn((deed as Exit).process, world) === doneIn(process, world);
    if (tasks.flat().filter(isExit).length > 1)
      refuse(`${where}, exit: ${doneIn(process, world)} ends more than once: let one task end it`);
    if (tasks.some((deeds) => deeds.slice(0, -1).some(isExit)))
      refuse(`${where}, exit: nothing comes after the end: let it be the last thing that the task does`);
  },
  process: ({ process }, world) => doneIn(process, world),
  foresee: ({ process }, world) => ({ ends: [doneIn(process, world)] }),
  *run(_deed, machine, task) {
    yield* endOf(machine, task);
    return 'exited';
  },
  /** A signal that ends the task ends its process. */
  omit: (_deed, machine, task) => endOf(machine, task),
};
