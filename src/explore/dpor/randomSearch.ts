/**
 * Random executions, for what is too large to explore: PCT (Burckhardt, Kothari, Musuvathi, Nagarakatte, ASPLOS 2010). Each
 * task has a priority, and of those that can move the first in priority does. At a few steps, chosen beforehand, who moves is
 * put last. A failure that d such changes are enough to reach is met in one execution out of n·k^(d−1) at least, with n tasks
 * and k steps. Nothing is ever proven so.
 */

import { Pace } from '../pace.ts';
import type { Exploration, ExploreOptions, Program, Search } from '../program.ts';
import { Random } from '../random.ts';
import { Executor } from './executor.ts';
import { Record } from './record.ts';

const DEFAULT_EXECUTIONS = 10_000;
/** Executions with 1, 2, 3 … changes take turns. */
const MOST_CHANGES = 4;
/** A task that tries for ever is left there. */
const LONGEST = 2_000;

export class RandomSearch<World> implements Search {
  readonly #executor: Executor<World>;
  readonly #record: Record<World>;
  readonly #random: Random;
  readonly #seed: number;
  readonly #most: number;
  /** Tasks, the first in priority first; and the steps at which who moves is put last. */
  #priorities: number[] = [];
  #changes = new Set<number>();
  /** Steps of the longest execution so far. */
  #longest = 1;
  readonly #pace: Pace;
  #executions = 0;
  #result: Exploration | undefined;

  constructor(program: Program<World>, options: ExploreOptions) {
    this.#pace = new Pace(options.steps);
    this.#executor = new Executor(program);
    this.#record = new Record(program, this.#executor, options);
    this.#seed = options.seed ?? 1;
    this.#random = new Random(this.#seed);
    this.#most = options.executions ?? DEFAULT_EXECUTIONS;
    this.#begin();
  }

  get steps(): number {
    return this.#pace.done;
  }

  get executions(): number {
    return this.#executions;
  }

  get states(): number {
    return 0;
  }

  get estimate(): undefined {
    return undefined;
  }

  run(steps: number): Exploration | undefined {
    this.#pace.want(steps);
    while (!this.#result) {
      if (this.#record.isEnough || this.#executions >= this.#most || this.#pace.isSpent)
        this.#result = this.#conclude();
      else if (!this.#step()) this.#end();
      if (this.#pace.isOver) break;
    }
    return this.#result;
  }

  stop(): Exploration {
    this.#result ??= this.#conclude();
    return this.#result;
  }

  /** Draws priorities and changes for the next execution. */
  #begin(): void {
    const tasks = this.#executor.machine.tasks.map(({ index }) => index);
    for (let at = tasks.length - 1; at > 0; at--) {
      const other = this.#random.below(at + 1);
      [tasks[at], tasks[other]] = [tasks[other] as number, tasks[at] as number];
    }
    this.#priorities = tasks;
    const changes = this.#executions % MOST_CHANGES;
    this.#changes = new Set(Array.from({ length: changes }, () => this.#random.below(this.#longest)));
  }

  /** Takes a step of the first in priority. False if nobody can move. */
  #step(): boolean {
    const { execution, machine } = this.#executor;
    for (const { index } of machine.tasks) if (!this.#priorities.includes(index)) this.#priorities.push(index);
    const movers = this.#executor.movers();
    const mover = this.#priorities.find((task) => movers.includes(task));
    if (mover === undefined || execution.length > LONGEST) return false;
    if (this.#changes.has(execution.length)) {
      this.#priorities.splice(this.#priorities.indexOf(mover), 1);
      this.#priorities.push(mover);
      this.#changes.delete(execution.length);
      return true;
    }
    this.#executor.take(mover);
    this.#pace.done++;
    this.#record.noteStep();
    return true;
  }

  #end(): void {
    const { execution, machine } = this.#executor;
    if (execution.length <= LONGEST) {
      const isWaiting = machine.tasks.some(({ index }) => this.#executor.isAlive(index));
      this.#record.noteEnding(isWaiting ? 'deadlocked' : 'complete');
      this.#longest = Math.max(this.#longest, execution.length);
    }
    this.#executions++;
    this.#executor.takeBackTo(0);
    this.#begin();
  }

  #conclude(): Exploration {
    const violations = this.#record.violations(0);
    const [violation] = violations;
    const why = `${this.#executions} random executions prove nothing (seed ${this.#seed})`;
    return {
      verdict: violation ? 'violated' : 'gave up',
      complete: false,
      engine: 'random',
      steps: this.#pace.done,
      executions: this.#executions,
      outcomes: this.#record.outcomes(),
      violations,
      ...(violation ? { violation } : { gaveUp: { why, preemptionsProven: -1 } }),
      notes: [],
    };
  }
}
