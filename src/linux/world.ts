/** From a description to a program that can be explored. */

import type { Program, Snapshot } from '#explore';
import { boot } from './boot.ts';
import { describeDeed } from './deeds/index.ts';
import { deedsOf, type WorldDescription } from './description.ts';
import type { Driver } from './drivers/vfio/pci/driver.ts';
import type { task_struct } from './include/linux/sched.ts';
import type { Machine } from './machine.ts';
import { pictureOf } from './picture.ts';
import { type Judge, judgeBy, type RuleName, ruleNames } from './rules.ts';
import { sourceOf } from './sources.ts';
import { bodiesOf } from './tasks.ts';
import { validate } from './validate.ts';
import { WorldError } from './words.ts';

export interface SimulateOptions {
  /** Which rules must hold; all, unless given. */
  readonly rules?: readonly RuleName[];
}

/**
 * The world as a program: its tasks under this driver, and the rules that must hold.
 * Throws a WorldError that says what to do if the description makes no sense.
 */
export function simulate(
  description: WorldDescription,
  driver: Driver,
  { rules = ruleNames }: SimulateOptions = {},
): Program<Machine> {
  const unknown = rules.find((rule) => !ruleNames.includes(rule));
  if (unknown !== undefined) throw new WorldError(`there is no rule '${unknown}'; there is ${ruleNames.join(', ')}`);
  const addresses = validate(description);
  const names = Object.keys(description.tasks);
  return {
    name: titleOf(description, driver),
    setup: () => boot(description, addresses, driver),
    tasks: (machine) => {
      const bodies = (name: string) =>
        bodiesOf(machine.tasks[name] as task_struct, deedsOf(description.tasks[name] ?? []), machine);
      return Object.fromEntries(names.map((name) => [name, bodies(name)]));
    },
    invariant: whileItRuns(judgeBy(rules, 'always', description)),
    check: whileItRuns(judgeBy(rules, 'at rest', description)),
    outcome: (machine, now) =>
      hasStopped(machine, now)
        ? 'the machine has stopped'
        : names.map((name) => `${name} ${now.returned(name) ?? 'never returned'}`).join(', '),
    picture: pictureOf,
    source: sourceOf,
  };
}

const hasStopped = ({ stopped }: Machine, now: Snapshot) => stopped !== null && now.get(stopped);

/** What a machine does after a machine check is not judged: all of its CPUs stand still, and only the engine goes on. */
const whileItRuns =
  (judge: Judge): Judge =>
  (machine, now) =>
    hasStopped(machine, now) ? undefined : judge(machine, now);

/** The driver, and who does what. */
function titleOf({ tasks }: WorldDescription, driver: Driver): string {
  const told = Object.entries(tasks).map(([name, task]) => `${name} ${deedsOf(task).map(describeDeed).join(' ')}`);
  return `${driver.name}: ${told.join(', ')}`;
}
