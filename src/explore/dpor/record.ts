/** What executions, one after the other, have shown to be wrong, and how they have ended. */

import { checkDeterminism } from '../determinism.ts';
import { Findings, type Found, isLike, keyOf, unstable } from '../findings.ts';
import { checkInvariant, judge, outcomeOf } from '../judgement.ts';
import { LockOrders } from '../lockOrder.ts';
import type { Report, Task } from '../machine.ts';
import { type ExploreOptions, type Outcome, type Program, stopsAtFirst, type Violation } from '../program.ts';
import { cutAtFailure } from '../replay.ts';
import { formatSchedule } from '../schedule.ts';
import { StateTable } from '../states.ts';
import { look } from '../stepping.ts';
import { shortened } from './counterexample.ts';
import type { Executor } from './executor.ts';

/** How an execution came to its end: all tasks have ended, some wait for ever, it is of another part, or it was begun in vain. */
export type End = 'complete' | 'deadlocked' | 'elsewhere' | 'redundant';

const MISMATCH: Report = {
  kind: 'non-determinism',
  message:
    'a task did something else than the last time, after the same results: it depends on more than what its operations return',
};

/** A race that is only known to show. */
const FORESEEN: Report = { kind: 'data race', message: 'foreseen' };

const isRace = ({ kind }: Report) => kind === 'data race';
const comesOfRace = ({ kind }: Report) => kind === 'data race' || kind === 'use after free';

export class Record<World> {
  readonly findings = new Findings();
  readonly #program: Program<World>;
  readonly #executor: Executor<World>;
  readonly #options: ExploreOptions;
  readonly #outcomes = new Map<string, string>();
  readonly lockOrders: LockOrders<string>;
  /** Endings that have been judged: many executions end alike. */
  readonly #endings = new StateTable();
  /** Nothing orders some accesses, so an execution of what happens before what is not the same each time. */
  #isRacy = false;
  /** What no execution that was tried for it has shown, by what it is and where it was tried. */
  readonly #notShown = new Map<string, Found>();

  readonly #changed: Report | undefined;

  /** `changed`: what is known not to be the same each time. */
  constructor(program: Program<World>, executor: Executor<World>, options: ExploreOptions, changed?: Report) {
    this.#changed = changed;
    this.#program = program;
    this.#executor = executor;
    this.#options = options;
    this.lockOrders = new LockOrders(executor.machine);
    this.#note(executor.machine.reports.splice(0), []);
  }

  /** Nothing more is to be looked for. */
  get isEnough(): boolean {
    return this.findings.isEnough(this.#options);
  }

  /** Notes what went wrong in the step just taken, or is wrong after it. */
  noteStep(): void {
    const { machine, execution, hasRaces } = this.#executor;
    const event = execution.length - 1;
    if (machine.reports.length > 0) this.#note(machine.reports.splice(0), [event]);
    const point = event < 0 ? undefined : execution.at(event).point;
    if (point !== undefined && !point.isNoted) {
      const schedule = () => this.#scheduleOf(shortened(execution, [event]));
      this.lockOrders.note(execution.at(event).task, point, schedule);
    }
    if (hasRaces) this.#noteRaces();
    if (machine.program.invariant) this.#note(checkInvariant(machine), undefined);
  }

  /** The execution has ended so: is that wrong, and how is it called? */
  noteEnding(end: End): void {
    const { machine, automaton } = this.#executor;
    this.#executor.lookAtWaiting();
    if (this.#executor.hasRaces) this.#noteRaces();
    const { check, outcome: named } = this.#program;
    if (end === 'complete' && !check && !named) return;
    const { count } = this.#endings;
    machine.memory.rehash();
    if (this.#endings.add(machine.memory) < count) return;
    const run = { machine, stepper: automaton };
    const blocked = end === 'complete' ? [] : machine.tasks.flatMap(({ index }) => look(run, index)?.blocked ?? []);
    const positions = machine.tasks.map(({ index }) => automaton.at(index));
    this.#note(judge(machine, positions, blocked, true), undefined);
    const outcome = outcomeOf(machine);
    if (typeof outcome === 'object') this.#note([outcome], undefined);
    else if (outcome !== undefined && !this.#outcomes.has(outcome)) this.#outcomes.set(outcome, this.#schedule());
  }

  /** After all executions: whether locks are taken in different orders. */
  noteLockOrder(): void {
    if (this.findings.kinds.has('deadlock') || this.isEnough) return;
    const ring = this.lockOrders.ring();
    if (!ring) return;
    const report = this.lockOrders.report(ring, ({ place }) => place);
    this.findings.add(report, report.orders?.at(-1)?.schedule ?? '', false);
  }

  /** What is not the same when it is had again. */
  changed(): Report | undefined {
    const { machine, automaton } = this.#executor;
    return this.#changed ?? checkDeterminism(this.#program, machine, automaton);
  }

  /** All that is wrong, each with an execution that shows it; what is not the same each time is no verdict. */
  violations(mismatches: number): Violation[] {
    const nameOf = (task: number) => this.#nameOf(task);
    const mismatch = mismatches > 0 && !this.#isRacy ? MISMATCH : undefined;
    const changed = this.changed() ?? mismatch;
    if (changed) return [unstable(this.#program, changed, nameOf)];
    if (this.findings.count === 0)
      for (const { report, schedule } of this.#notShown.values()) this.findings.add(report, schedule, false);
    const found = this.findings.cutShort(this.#program, stopsAtFirst(this.#options));
    return found.violations(this.#program, nameOf, this.#options);
  }

  outcomes(): { [name: string]: Outcome } {
    const byName = [...this.#outcomes].sort(([one], [other]) => (one < other ? -1 : 1));
    return Object.fromEntries(byName.map(([name, schedule]) => [name, { schedule }]));
  }

  #noteRaces(): void {
    this.#isRacy = true;
    for (const { report, tries } of this.#executor.takeRaces()) this.#addShown(report ?? FORESEEN, tries);
  }

  /** `events`: those that did it; undefined where the whole execution did. */
  #note(reports: readonly Report[], events: readonly number[] | undefined): void {
    const { execution } = this.#executor;
    for (const report of reports) {
      if (this.findings.has(report)) continue;
      const all = Array.from({ length: execution.length }, (_, event) => event);
      const causes = (events ?? all).filter((event) => event >= 0);
      this.#add(report, shortened(execution, causes));
    }
  }

  #add(report: Report, tasks: readonly number[]): void {
    if (this.#executor.automaton.mayRace) this.#addShown(report, [tasks]);
    else this.findings.add(report, this.#scheduleOf(tasks), false);
  }

  /**
   * Where plain accesses race, what happens before a failure is not all that it comes of: then the whole execution shows it.
   * And of races the first one shows, or that what one of the two frees the other uses. Some shows: of those that nothing
   * hides, one that no other comes before.
   */
  #addShown(report: Report, tries: readonly (readonly number[])[]): void {
    const schedules = [...tries.map((tasks) => this.#scheduleOf(tasks)), this.#schedule()];
    const key = `${keyOf(report)} ${schedules[0]}`;
    if (this.#notShown.has(key)) return;
    const isIt = [
      (other: Report) => isLike(report, other),
      ...(report.kind === 'data race' ? [isRace, comesOfRace] : []),
    ];
    for (const test of isIt) {
      for (const schedule of schedules) {
        const shown = cutAtFailure(this.#program, schedule, test);
        if (!shown) continue;
        this.findings.add(shown.report, shown.schedule, false);
        return;
      }
    }
    this.#notShown.set(key, { report, schedule: schedules[0] as string, minimal: false });
  }

  #schedule(): string {
    const { execution } = this.#executor;
    return this.#scheduleOf(Array.from({ length: execution.length }, (_, event) => execution.at(event).task));
  }

  #scheduleOf(tasks: readonly number[]): string {
    return formatSchedule(tasks.map((task) => this.#nameOf(task)));
  }

  #nameOf(task: number): string {
    return (this.#executor.machine.tasks[task] as Task).name;
  }
}
