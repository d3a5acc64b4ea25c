/**
 * The search by optimal DPOR: one complete execution for each Mazurkiewicz trace. What it proves, it proves without states;
 * what it finds wrong is a counterexample, though not the least one.
 */

import { checkDeterminism } from '../determinism.ts';
import { Findings, unstable } from '../findings.ts';
import { checkInvariant, judge, outcomeOf } from '../judgement.ts';
import { LockOrders } from '../lockOrder.ts';
import type { Report, Task } from '../machine.ts';
import { Pace } from '../pace.ts';
import type { Exploration, ExploreOptions, Program, Search } from '../program.ts';
import { cutAtFailure } from '../replay.ts';
import { formatSchedule } from '../schedule.ts';
import { StateTable } from '../states.ts';
import { look } from '../stepping.ts';
import { shortened } from './counterexample.ts';
import { DporExploration, type End } from './exploration.ts';

const DEFAULT_EXECUTIONS = 1_000_000;
/** A task that tries for ever makes executions longer and longer; the state graph has a cycle there instead. */
const LONGEST = 2_000;

export class DporSearch<World> implements Search {
  readonly #program: Program<World>;
  readonly #options: ExploreOptions;
  readonly #exploration: DporExploration<World>;
  readonly #pace = new Pace();
  readonly #findings = new Findings();
  readonly #outcomes = new Map<string, string>();
  readonly #lockOrders: LockOrders<string>;
  /** Endings that have been judged: many executions end alike. */
  readonly #endings = new StateTable();
  #executions = 0;
  #deadlocks = 0;
  #redundant = 0;
  #why: string | undefined;
  #result: Exploration | undefined;

  constructor(program: Program<World>, options: ExploreOptions) {
    this.#program = program;
    this.#options = options;
    this.#exploration = new DporExploration(program);
    this.#lockOrders = new LockOrders(this.#exploration.machine);
    this.#note(this.#exploration.machine.reports.splice(0), []);
  }

  get executions(): number {
    return this.#executions + this.#deadlocks;
  }

  get work(): number {
    return this.#pace.done;
  }

  get states(): number {
    return 0;
  }

  get estimate(): number | undefined {
    const explored = this.#exploration.explored();
    return explored > 0 ? Math.round(this.executions / explored) : undefined;
  }

  run(steps: number): Exploration | undefined {
    const exploration = this.#exploration;
    this.#pace.want(steps);
    while (!this.#result) {
      const before = exploration.steps;
      const end = exploration.forward();
      this.#noteStep();
      if (this.#isEnough()) this.#result = this.#conclude(false);
      else if (end !== undefined && !this.#goOnAfter(end)) this.#result = this.#conclude(true);
      this.#pace.done += exploration.steps - before;
      if (this.#pace.isOver) break;
    }
    return this.#result;
  }

  /** Whether nothing more is to be looked for; or too much was. */
  #isEnough(): boolean {
    const { executions = DEFAULT_EXECUTIONS, stopAt = 'first' } = this.#options;
    if (this.#findings.count > 0 && stopAt === 'first') return true;
    if (this.#exploration.execution.length > LONGEST) this.#why = `an execution has more than ${LONGEST} steps`;
    else if (this.executions > executions) this.#why = `there are more than ${executions} executions`;
    return this.#why !== undefined;
  }

  /** Judges the execution that has ended, and goes back to the next. False if there is none. */
  #goOnAfter(end: End): boolean {
    if (end === 'redundant') this.#redundant++;
    else {
      if (end === 'complete') this.#executions++;
      else this.#deadlocks++;
      this.#judgeEnding(end);
      this.#exploration.reverseRaces();
    }
    const goesOn = this.#exploration.back();
    if (goesOn) this.#noteStep();
    return goesOn;
  }

  /** What went wrong in the step just taken. */
  #noteStep(): void {
    const { machine, execution, hasRaces } = this.#exploration;
    const event = execution.length - 1;
    if (machine.reports.length > 0) this.#note(machine.reports.splice(0), [event]);
    const point = execution.point[event];
    if (point !== undefined && !point.isNoted)
      this.#lockOrders.note(execution.task[event] as number, point, () =>
        this.#scheduleOf(shortened(execution, [event])),
      );
    if (hasRaces) this.#noteRaces();
    if (machine.program.invariant) this.#note(checkInvariant(machine), undefined);
  }

  #noteRaces(): void {
    for (const { report, tasks } of this.#exploration.takeRaces()) {
      if (report) this.#add(report, tasks);
      else this.#addForeseen(this.#scheduleOf(tasks));
    }
  }

  /** A race that is only known to show in this execution. */
  #addForeseen(schedule: string): void {
    const shown = cutAtFailure(this.#program, schedule, ({ kind }) => kind === 'data race');
    if (shown) this.#findings.add(shown.report, shown.schedule, false);
  }

  /** `events`: those that did it; undefined where the whole execution did. */
  #note(reports: readonly Report[], events: readonly number[] | undefined): void {
    const { execution } = this.#exploration;
    for (const report of reports) {
      if (this.#findings.has(report)) continue;
      const all = Array.from({ length: execution.length }, (_, event) => event);
      this.#add(
        report,
        shortened(
          execution,
          (events ?? all).filter((event) => event >= 0),
        ),
      );
    }
  }

  #add(report: Report, tasks: readonly number[]): void {
    this.#findings.add(report, this.#scheduleOf(tasks), false);
  }

  #scheduleOf(tasks: readonly number[]): string {
    return formatSchedule(tasks.map((task) => this.#nameOf(task)));
  }

  /** The execution has ended so: is that wrong, and how is it called? */
  #judgeEnding(end: End): void {
    const { machine, automaton } = this.#exploration;
    this.#exploration.lookAtWaiting();
    if (this.#exploration.hasRaces) this.#noteRaces();
    const { count } = this.#endings;
    if (this.#endings.add(machine.memory) < count) return;
    const run = { machine, stepper: automaton };
    const blocked = end === 'complete' ? [] : machine.tasks.flatMap(({ index }) => look(run, index)?.blocked ?? []);
    const positions = machine.tasks.map(({ index }) => automaton.at(index));
    this.#note(judge(machine, positions, blocked, true), undefined);
    const outcome = outcomeOf(machine);
    if (typeof outcome === 'object') this.#note([outcome], undefined);
    else if (outcome !== undefined && !this.#outcomes.has(outcome)) this.#outcomes.set(outcome, this.#schedule());
  }

  #schedule(): string {
    const { task, length } = this.#exploration.execution;
    return this.#scheduleOf(Array.from(task.subarray(0, length)));
  }

  #nameOf(task: number): string {
    return (this.#exploration.machine.tasks[task] as Task).name;
  }

  /** Of a program that has been explored to its end. */
  #noteLockOrder(): void {
    if (this.#findings.kinds.has('deadlock') || (this.#findings.count > 0 && this.#options.stopAt !== 'never')) return;
    const ring = this.#lockOrders.ring();
    if (!ring) return;
    const report = this.#lockOrders.report(ring, ({ place }) => place);
    this.#findings.add(report, report.orders?.at(-1)?.schedule ?? '', false);
  }

  #conclude(complete: boolean): Exploration {
    if (complete) this.#noteLockOrder();
    const { machine, automaton, mismatches, steps } = this.#exploration;
    const nameOf = (task: number) => this.#nameOf(task);
    const changed = checkDeterminism(this.#program, machine, automaton) ?? (mismatches > 0 ? MISMATCH : undefined);
    const isRacy = this.#findings.kinds.has('data race');
    const violations =
      changed && !isRacy
        ? [unstable(this.#program, changed, nameOf)]
        : this.#findings.cutShort(this.#program, this.#options.stopAt !== 'never').violations(this.#program, nameOf);
    const [violation] = violations;
    const proves = complete && !machine.program.invariant;
    return {
      verdict: violation ? 'violated' : proves ? 'holds' : 'gave up',
      complete,
      engine: 'dpor',
      steps,
      executions: this.#executions,
      deadlocks: this.#deadlocks,
      redundant: this.#redundant,
      outcomes: Object.fromEntries(
        [...this.#outcomes]
          .sort(([one], [other]) => (one < other ? -1 : 1))
          .map(([name, schedule]) => [name, { schedule }]),
      ),
      violations,
      ...(violation ? { violation } : {}),
      ...(violation || proves ? {} : { gaveUp: { why: this.#why ?? NOT_BY_TRACES, preemptionsProven: -1 } }),
      notes: [],
    };
  }
}

const MISMATCH: Report = {
  kind: 'non-determinism',
  message:
    'a task did something else than the last time, after the same results: it depends on more than what its operations return',
};

const NOT_BY_TRACES = 'an invariant is asked in every state, and this engine does not come to every one';
