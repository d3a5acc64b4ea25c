/**
 * The search by optimal DPOR: one complete execution for each Mazurkiewicz trace. What it proves, it proves without states;
 * what it finds wrong is a counterexample, though not the least one.
 */

import type { LockPair } from '../lockOrder.ts';
import type { Report } from '../machine.ts';
import { Pace } from '../pace.ts';
import type { Exploration, ExploreOptions, Program, Search } from '../program.ts';
import { DporExploration } from './exploration.ts';
import { isTried, type Part } from './parts.ts';
import { type End, Record } from './record.ts';

export const DEFAULT_EXECUTIONS = 1_000_000;
/** A task that tries for ever makes executions longer and longer; the state graph has a cycle there instead. */
const LONGEST = 2_000;

export class DporSearch<World> implements Search {
  readonly #program: Program<World>;
  readonly #most: number;
  readonly #options: ExploreOptions;
  readonly #part: Part | undefined;
  #exploration!: DporExploration<World>;
  #record!: Record<World>;
  readonly #pace: Pace;
  readonly #counts: { [end in End]: number } = { complete: 0, deadlocked: 0, elsewhere: 0, redundant: 0 };
  #why: string | undefined;
  #result: Exploration | undefined;

  /** With a `part`, it explores that alone. */
  constructor(program: Program<World>, options: ExploreOptions, part?: Part) {
    this.#program = program;
    this.#part = part;
    this.#pace = new Pace(options.steps);
    this.#most = options.executions ?? DEFAULT_EXECUTIONS;
    this.#options = options;
    this.#begin(false);
  }

  /** Those of other parts are work, too. */
  get executions(): number {
    return this.#counts.complete + this.#counts.deadlocked + this.#counts.elsewhere;
  }

  get states(): number {
    return 0;
  }

  /** Steps taken so far: what a slice is measured in. */
  get steps(): number {
    return this.#pace.done;
  }

  get estimate(): number | undefined {
    const explored = this.#exploration.explored();
    return explored > 0 ? Math.round(this.executions / explored) : undefined;
  }

  /** Which locks were taken under which, so far. */
  get lockOrders(): readonly LockPair[] {
    return this.#record.lockOrders.pairs;
  }

  /** Whether a task has tried to take the mutex of the part. */
  get isTried(): boolean {
    return this.#part !== undefined && isTried(this.#part.slot, this.#exploration.executor.automaton);
  }

  run(steps: number): Exploration | undefined {
    this.#pace.want(steps);
    while (!this.#result) {
      const exploration = this.#exploration;
      const before = exploration.steps;
      const end = exploration.forward(this.#mostAtOnce());
      this.#record.noteStep();
      if (this.#isEnough()) this.#result = this.#conclude(false);
      else if (end !== undefined && exploration.isBegunWrongly) this.#begin(true, this.#record.changed());
      else if (end !== undefined && !this.#goOnAfter(end)) this.#result = this.#conclude(true);
      this.#pace.done += exploration.steps - before;
      if (this.#pace.isSpent) this.stop(this.#pace.tooMuch);
      if (this.#pace.isOver) break;
    }
    return this.#result;
  }

  /** So many steps may be taken before something is to be looked at: an invariant after each. */
  #mostAtOnce(): number {
    if (this.#program.invariant) return 1;
    return Math.min(this.#pace.left, LONGEST + 1 - this.#exploration.executor.execution.length);
  }

  stop(why: string): Exploration {
    this.#why ??= why;
    this.#result ??= this.#conclude(false);
    return this.#result;
  }

  /** Whether nothing more is to be looked for; or too much was. */
  #isEnough(): boolean {
    if (this.#record.isEnough) return true;
    if (this.#exploration.executor.execution.length > LONGEST)
      this.#why = `an execution has more than ${LONGEST} steps`;
    else if (this.executions > this.#most) this.#why = `there are more than ${this.#most} executions`;
    return this.#why !== undefined;
  }

  /** `changed`: what an exploration before has seen to be not the same each time, which this one might not. */
  #begin(mayWait: boolean, changed?: Report): void {
    this.#exploration = new DporExploration(this.#program, { mayWait, part: this.#part });
    this.#record = new Record(this.#program, this.#exploration.executor, this.#options, changed);
    for (const end of ['complete', 'deadlocked', 'elsewhere', 'redundant'] as const) this.#counts[end] = 0;
  }

  /** Judges the execution that has ended, and goes back to the next. False if there is none. */
  #goOnAfter(end: End): boolean {
    this.#counts[end]++;
    if (end === 'complete' || end === 'deadlocked') this.#record.noteEnding(end);
    if (end !== 'redundant') this.#exploration.reverseRaces();
    const goesOn = this.#exploration.back();
    if (goesOn) this.#record.noteStep();
    return goesOn;
  }

  #conclude(complete: boolean): Exploration {
    if (complete) this.#record.noteLockOrder();
    const { mismatches, steps } = this.#exploration;
    const violations = this.#record.violations(mismatches);
    const [violation] = violations;
    const proves = complete && !this.#program.invariant;
    return {
      verdict: violation ? 'violated' : proves ? 'holds' : 'gave up',
      complete,
      engine: 'dpor',
      steps,
      executions: this.#counts.complete,
      deadlocks: this.#counts.deadlocked,
      redundant: this.#counts.redundant,
      outcomes: this.#record.outcomes(),
      violations,
      ...(violation ? { violation } : {}),
      ...(violation || proves ? {} : { gaveUp: { why: this.#why ?? NOT_BY_TRACES, preemptionsProven: -1 } }),
      notes: [],
    };
  }
}

const NOT_BY_TRACES = 'an invariant is asked in every state, and this engine does not come to every one';
