/**
 * Optimal dynamic partial-order reduction (Abdulla, Aronis, Jonsson, Sagonas, POPL 2014 and JACM 2017): exactly one complete
 * execution for each Mazurkiewicz trace, and none that is begun in vain.
 *
 * One execution is run to its end. Each of its races is reversed: what that comes to is put into the wakeup tree of the depth
 * where it begins. Then the execution is taken back to the last depth with a branch left, and goes on along that branch.
 * Where no tree says who comes next, any task does that can move and does not sleep.
 */

import type { Task } from '../machine.ts';
import type { Program } from '../program.ts';
import type { Event } from './event.ts';
import { type Execution, HAS_NONE, MUST_WAIT, type Pushed, TAKEN } from './execution.ts';
import { Executor } from './executor.ts';
import type { Part } from './parts.ts';
import type { End } from './record.ts';
import { Reversal } from './reversal.ts';
import { SleepSets } from './sleep.ts';
import { NO_NODE, WakeupTrees } from './wakeup.ts';

export interface DporOptions {
  readonly reversesAll?: boolean;
  readonly mayWait?: boolean;
  /** Explore this part alone. */
  readonly part?: Part | undefined;
}

export class DporExploration<World> {
  readonly executor: Executor<World>;
  /** Events added so far. */
  steps = 0;
  /** Steps of a wakeup tree that were not what the tree said: some body depends on more than its results. */
  mismatches = 0;
  readonly #reversesAll: boolean;
  #mayWait: boolean;
  #hasReversed = false;
  readonly #execution: Execution;
  readonly #tasks: readonly Task[];
  readonly #sleep = new SleepSets();
  readonly #trees = new WakeupTrees();
  readonly #reversal: Reversal;
  /** Whether tasks wait for ever at the end of the execution. */
  #isWaiting = false;

  /**
   * With `reversesAll`, races are reversed again for each execution, also where nothing new can come of it: for tests. Unless
   * tasks `mayWait`, no race is reversed again for which a step that it needs is known; see `isBegunWrongly`.
   */
  constructor(program: Program<World>, { reversesAll = false, mayWait = false, part }: DporOptions = {}) {
    this.#reversesAll = reversesAll;
    this.#mayWait = mayWait || part !== undefined; // for a mutex that is reserved
    this.executor = new Executor(program, part);
    this.#execution = this.executor.execution;
    this.#tasks = this.executor.machine.tasks;
    this.#reversal = new Reversal(this.executor as Executor, this.#sleep);
  }

  /**
   * Whether tasks may have to wait after all: then a step that a race needs may lead to its reversal or not, and all is to be
   * explored anew, if it did not show before the first race was reversed. Where none may wait, each way on from there is found by races of its own (a source set).
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
    const execution = this.#execution;
    const depth = execution.length;
    const here = execution.at(depth);
    if (here.branch !== NO_NODE) return this.#follow(here);
    const tasks = this.#tasks.length;
    let task = depth === 0 ? 0 : execution.at(depth - 1).task;
    let isWaiting = false;
    for (let turn = 0; turn < tasks; turn++) {
      const taken = (here.asleep >> task) & 1 ? HAS_NONE : this.#take(here, task, NO_NODE);
      if (taken === TAKEN) return undefined;
      if (taken === MUST_WAIT) isWaiting = true;
      task = task + 1 === tasks ? 0 : task + 1;
    }
    if (!this.#hasReversed && this.executor.automaton.mayWait) this.#mayWait = true;
    return this.#endOf(here.asleep, isWaiting);
  }

  /** Takes the execution back to the last depth with a branch left, and one step along it. False if there is none: all is explored. */
  back(): boolean {
    for (let depth = this.#execution.length - 1; depth >= 0; depth--) {
      const here = this.#execution.at(depth);
      if (here.branch === NO_NODE) continue;
      this.executor.takeBackTo(depth);
      this.#sleep.add(here);
      here.explored++;
      if (this.#follow(here) !== 'redundant') return true;
    }
    this.executor.takeBackTo(0);
    return false;
  }

  /** Reverses the races of the execution that has ended, and lets those who wait for ever come before those who keep them. */
  reverseRaces(): void {
    const { races, raceBegin, raceEnd, raceIsCovered, common, past } = this.#execution;
    this.#hasReversed = true;
    for (let race = 0; race < races; race++) {
      const [e, x] = [raceBegin[race] as number, raceEnd[race] as number];
      const isOld = x < common && !this.#reversesAll;
      if (isOld && ((raceIsCovered[race] === 1 && !this.#mayWait) || past.has(e))) continue;
      if (this.#reversal.ofRace(e, x)) this.#insert();
      raceIsCovered[race] = this.#reversal.isCovered ? 1 : 0;
    }
    for (let task = 0; this.#isWaiting && task < this.#tasks.length; task++) {
      const point = this.executor.isAlive(task) ? this.executor.pointOf(task) : undefined;
      if (point?.isPoint && this.#reversal.ofWaiting(task, point)) this.#insert();
    }
    this.#execution.forgetChanges();
  }

  /** What part of all executions has been explored, as far as the branches that are known tell. */
  explored(): number {
    let [share, done] = [1, 0];
    for (let depth = 0; depth < this.#execution.length; depth++) {
      const { explored, branch } = this.#execution.at(depth);
      share /= explored + 1 + this.#trees.count(branch);
      done += share * explored;
    }
    return done;
  }

  /** Takes the first branch off its tree, and the step that it says; its own branches are those of the next depth. */
  #follow(here: Event): End | undefined {
    const trees = this.#trees;
    const { branch } = here;
    const [task, touch, below] = [trees.task[branch], trees.touch[branch], trees.child[branch]] as [
      number,
      number,
      number,
    ];
    here.branch = trees.withoutFirst(branch);
    if ((here.asleep >> task) & 1 || this.#take(here, task, below) !== TAKEN) {
      this.mismatches++;
      return 'redundant';
    }
    if (here.touch !== touch) this.mismatches++;
    return undefined;
  }

  /** Adds the task's next step, if it has one and need not wait. `branches` begin after it. */
  #take(here: Event, task: number, branches: number): Pushed {
    const taken = this.executor.take(task);
    if (taken !== TAKEN) return taken;
    const next = this.#execution.at(here.index + 1);
    next.asleep = here.asleep === 0 ? 0 : this.#sleep.after(here);
    next.branch = branches;
    next.explored = 0;
    this.steps++;
    return TAKEN;
  }

  #insert(): void {
    const from = this.#execution.at(this.#reversal.depth);
    from.branch = this.#trees.insert(from.branch, this.#reversal);
    this.#reversal.noteInserted(this.#trees.place);
  }

  /** How the execution has ended, if no task can go on but those that sleep; whether others wait is known. */
  #endOf(asleep: number, othersWait: boolean): End {
    let isWaiting = othersWait;
    for (let task = 0; asleep >> task !== 0; task++) {
      if (((asleep >> task) & 1) === 0 || !this.executor.isAlive(task)) continue;
      if (this.executor.walk.canStep(task)) return 'redundant';
      isWaiting = true;
    }
    this.#isWaiting = isWaiting;
    if (this.executor.isElsewhere) return 'elsewhere';
    return isWaiting ? 'deadlocked' : 'complete';
  }
}
