/** For unit tests: kernel code run in a booted world, without the tasks that a description gives. */

import { type Exploration, explore, type Program, replay, type Snapshot } from '#explore';
import { asTask } from './arch/x86/include/asm/current.ts';
import { boot } from './boot.ts';
import { fault } from './deeds/index.ts';
import type { WorldDescription } from './description.ts';
import type { Driver } from './drivers/vfio/pci/driver.ts';
import { generations } from './drivers/vfio/pci/generations/index.ts';
import type { task_struct } from './include/linux/sched.ts';
import type { Kernel } from './kernel.ts';
import type { Machine } from './machine.ts';
import { validate } from './validate.ts';
import { simulate } from './world.ts';

/** A BAR of two pages, mapped once. */
export const oneVma = { bars: { bar0: 2 }, vmas: { v: { bar: 'bar0', process: 'p' } } } as const;

export type Codes = Record<string, (machine: Machine) => Kernel<unknown>>;

/** A program of these tasks on a machine, each as the task of its name. */
export function programOf(
  codes: Codes,
  changes: Partial<WorldDescription> = {},
  outcome: (machine: Machine, now: Snapshot) => string = () => '',
  driver: Driver = generations.v5_14,
): Program<Machine> {
  const tasks = Object.fromEntries(Object.keys(codes).map((name) => [name, fault('v', 0)]));
  const description: WorldDescription = { ...oneVma, tasks, ...changes };
  const addresses = validate(description);
  return {
    name: 'a test',
    setup: () => boot(description, addresses, driver),
    tasks: (machine) =>
      Object.fromEntries(
        Object.entries(codes).map(([name, code]) => [
          name,
          asTask(machine.tasks[name] as task_struct, () => code(machine)),
        ]),
      ),
    outcome,
  };
}

/** Runs one task to its end. Returns its value, or the kind of what went wrong and its message. */
export function run<T>(
  code: (machine: Machine) => Kernel<T>,
  changes: Partial<WorldDescription> = {},
  driver: Driver = generations.v5_14,
): T | string {
  let value: unknown;
  const outcome = (_machine: Machine, now: Snapshot) => {
    value = now.returned('A');
    return '';
  };
  const program = programOf({ A: code }, changes, outcome, driver);
  const { violation } = explore(program);
  return violation ? `${violation.kind}: ${violation.message}` : (value as T);
}

/** The outcomes of several tasks under every interleaving, sorted, as `end` tells them; or what went wrong. */
export function ends(
  codes: Codes,
  end: (machine: Machine, now: Snapshot) => string,
  changes: Partial<WorldDescription> = {},
  driver: Driver = generations.v5_14,
): string[] {
  const found = explore(programOf(codes, changes, end, driver), { stopAt: 'never' });
  return [...Object.keys(found.outcomes), ...kindsOf(found)];
}

/** The kinds and rules of all that went wrong. */
export function kindsOf(found: Exploration): string[] {
  return [...new Set(found.violations.map(({ kind, message }) => `${kind}: ${message.split(': ')[0]}`))];
}

/** What one task of a world does, step by step, as `down_write(memory_lock)`. */
export function operationsOf(
  world: WorldDescription,
  task: string,
  schedule = '',
  driver: Driver = generations.v5_14,
): string[] {
  const { steps } = replay(simulate(world, driver, { rules: [] }), schedule);
  return steps.filter((step) => step.task === task).map(({ operation }) => operation.replace(/, .*\)$/, ')'));
}

/** How the tasks of a world can end, and what goes wrong. */
export function outcomesOf(world: WorldDescription, driver: Driver = generations.v5_14): string[] {
  const found = explore(simulate(world, driver), { stopAt: 'never' });
  return [...Object.keys(found.outcomes).sort(), ...kindsOf(found)];
}
