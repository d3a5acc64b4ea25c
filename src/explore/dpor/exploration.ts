/**
 * Optimal dynamic partial-order reduction (Abdulla, Aronis, Jonsson, Sagonas, POPL 2014 and JACM 2017): exactly one complete
 * execution for each Mazurkiewicz trace, and none that is begun in vain.
 *
 * One execution is run to its end. Each of its races is reversed: what that comes to is put into the wakeup tree of the depth
 * where it begins. Then the execution is taken back to the last depth with a branch left, and goes on along that branch.
 * Where no tree says who comes next, any task does that can move and does not sleep.
 */

import type { Task } from '../machine.ts';
import { larger } from '../memory.ts';
import type { Program } from '../program.ts';
import { Executor } from './executor.ts';
import { CommonPast } from './order.ts';
import type { End } from './record.ts';
import { Reversal } from './reversal.ts';
import { SleepSets } from './sleep.ts';
import { NO_NODE, WakeupTrees } from './wakeup.ts';

export interface DporOptions {
  readonly reversesAll?: boolean;
  readonly mayWait?: boolean;
}

export class DporExploration<World> {
  readonly executor: Executor<World>;
  /** Events added so far. */
  steps = 0;
  /** Steps of a wakeup tree that were not what the tree said: some body depends on more than its results. */
  mismatches = 0;
  readonly #reversesAll: boolean;
  readonly #mayWait: boolean;
  readonly #tasks: readonly Task[];
  readonly #sleep = new SleepSets();
  readonly #trees = new WakeupTrees();
  readonly #reversal: Reversal;
  /** By depth: the first branch that is still to be explored from there. */
  #branches = new Int32Array(64);
  /** By depth: how many branches have been explored from there. */
  #done = new Int32Array(64);
  /** How many depths there is room for. */
  #room = 64;
  /** The execution was as long as that, at least, ever since its races were last reversed. */
  #common = 0;
  /** What happens before all that is new since then, and all that was taken off. */
  readonly #past: CommonPast;

  /**
   * With `reversesAll`, races are reversed again for each execution, also where nothing new can come of it: for tests. Unless
   * tasks `mayWait`, no race is reversed again for which a step that it needs is known; see `isBegunWrongly`.
   */
  constructor(program: Program<World>, { reversesAll = false, mayWait = false }: DporOptions = {}) {
    this.#reversesAll = reversesAll;
    this.#mayWait = mayWait;
    this.executor = new Executor(program);
    this.#tasks = this.executor.machine.tasks;
    this.#past = new CommonPast(this.executor.execution.order);
    this.#reversal = new Reversal(this.executor as Executor, this.#sleep);
  }

  /**
   * Whether tasks may have to wait after all: then a step that a race needs may lead to its reversal or not, and all is to be
   * explored anew. Where none may wait, each way on from there is found by races of its own (a source set).
   */
  get isBegunWrongly(): boolean {
    return !this.#mayWait && this.executor.automaton.mayWait;
  }

  /**
   * Goes forward by so many steps at most, or until a step may show what was not seen before. Returns how the execution has
   * ended where it cannot go on.
   */
  forward(most = 1): End | undefined {
    for (let left = most; left > 0; left--) {
      const end = this.#advance();
      if (end !== undefined || !this.executor.isKnown) return end;
    }
    return undefined;
  }

  #advance(): End | undefined {
    const depth = this.executor.execution.length;
    const branch = this.#branches[depth] as number;
    if (branch !== NO_NODE) return this.#follow(depth, branch);
    const last = depth === 0 ? 0 : this.executor.execution.at(depth - 1).task;
    const asleep = this.#sleep.tasks[depth] as number;
    const tasks = this.#tasks.length;
    for (let turn = 0, task = last; turn < tasks; turn++, task = task + 1 === tasks ? 0 : task + 1) {
      if ((asleep >> task) & 1 || !this.executor.isAlive(task)) continue;
      if (this.#take(depth, task, NO_NODE)) return undefined;
    }
    return this.#endOf(asleep);
  }

  /** Takes the execution back to the last depth with a branch left, and one step along it. False if there is none: all is explored. */
  back(): boolean {
    for (let depth = this.executor.execution.length - 1; depth >= 0; depth--) {
      const branch = this.#branches[depth] as number;
      if (branch === NO_NODE) continue;
      this.#takeBackTo(depth);
      if (this.#follow(depth, branch) !== 'redundant') return true;
    }
    this.executor.takeBackTo(0);
    return false;
  }

  /** Reverses the races of the execution that has ended, and lets those who wait for ever come before those who keep them. */
  reverseRaces(): void {
    const { execution } = this.executor;
    const { races, raceBegin, raceEnd, raceIsCovered } = execution;
    this.#notePast(this.#common);
    for (let race = 0; race < races; race++) {
      const [e, x] = [raceBegin[race] as number, raceEnd[race] as number];
      const isOld = x < this.#common && !this.#reversesAll;
      if (isOld && ((raceIsCovered[race] === 1 && !this.#mayWait) || this.#past.has(e))) continue;
      if (this.#reversal.ofRace(e, x)) this.#insert();
      raceIsCovered[race] = this.#reversal.isCovered ? 1 : 0;
    }
    for (let task = 0; task < this.#tasks.length; task++) {
      const point = this.executor.isAlive(task) ? this.executor.pointOf(task) : undefined;
      if (point?.isPoint && this.#reversal.ofWaiting(task, point)) this.#insert();
    }
    this.#common = execution.length;
    this.#past.clear();
  }

  /** What part of all executions has been explored, as far as the branches that are known tell. */
  explored(): number {
    let [share, done] = [1, 0];
    for (let depth = 0; depth < this.executor.execution.length; depth++) {
      const before = this.#done[depth] as number;
      share /= before + 1 + this.#trees.count(this.#branches[depth] as number);
      done += share * before;
    }
    return done;
  }

  /** Takes the first branch off its tree, and the step that it says; its own branches are those of the next depth. */
  #follow(depth: number, branch: number): End | undefined {
    const trees = this.#trees;
    const [task, touch, below] = [trees.task[branch], trees.touch[branch], trees.child[branch]] as [
      number,
      number,
      number,
    ];
    this.#branches[depth] = trees.withoutFirst(branch);
    const isAsleep = ((this.#sleep.tasks[depth] as number) >> task) & 1;
    if (isAsleep || !this.executor.isAlive(task) || !this.#take(depth, task, below)) {
      this.mismatches++;
      return 'redundant';
    }
    if (this.executor.execution.at(depth).touch !== touch) this.mismatches++;
    return undefined;
  }

  /** Adds the task's next step. False if the task must wait. */
  #take(depth: number, task: number, branches: number): boolean {
    const { execution } = this.executor;
    if (!this.executor.take(task)) return false;
    this.#sleep.pass(depth, task, execution.at(depth).touch);
    if (depth + 2 > this.#room) this.#grow();
    this.#branches[depth + 1] = branches;
    this.#done[depth + 1] = 0;
    this.steps++;
    return true;
  }

  #grow(): void {
    this.#branches = larger(this.#branches);
    this.#done = larger(this.#done);
    this.#room *= 2;
  }

  /** Takes the events from that depth on off; the task of the first sleeps from now on there. */
  #takeBackTo(depth: number): void {
    const { task, touch } = this.executor.execution.at(depth);
    this.#notePast(depth);
    this.#sleep.add(depth, task, touch);
    this.executor.takeBackTo(depth);
    this.#done[depth] = (this.#done[depth] as number) + 1;
    if (depth < this.#common) this.#common = depth;
  }

  /**
   * Of events from that depth on, which are new or are taken off: only what happens before all that has changed since the races
   * were last reversed is as it was. A race that begins with such an event, and that was there then, would be reversed to the
   * same sequence as then. Each task's first of them is enough: the others come after it.
   */
  #notePast(depth: number): void {
    const { execution } = this.executor;
    for (let event = depth; event < execution.length; event++)
      if (execution.at(event).base < depth) this.#past.narrow(event);
  }

  #insert(): void {
    const { depth } = this.#reversal;
    this.#branches[depth] = this.#trees.insert(this.#branches[depth] as number, this.#reversal);
    this.#reversal.noteInserted(this.#trees.place);
  }

  #endOf(asleep: number): End {
    let isWaiting = false;
    for (let task = 0; task < this.#tasks.length; task++) {
      if (!this.executor.isAlive(task)) continue;
      if ((asleep >> task) & 1 && this.executor.walk.canStep(task)) return 'redundant';
      isWaiting = true;
    }
    return isWaiting ? 'deadlocked' : 'complete';
  }
}
