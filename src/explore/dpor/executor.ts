/** Runs a program step by step, forwards and back, and keeps what is to be known of the current execution. */

import { Automaton } from '../automaton.ts';
import { Machine, type Report } from '../machine.ts';
import type { Node } from '../node.ts';
import type { Program } from '../program.ts';
import { look, placeAll } from '../stepping.ts';
import { Walk } from '../walk.ts';
import { shortened } from './counterexample.ts';
import { DataRaces } from './dataRaces.ts';
import { NO_EVENT } from './event.ts';
import { Execution, type Pushed, TAKEN } from './execution.ts';
import type { Part } from './parts.ts';

export class Executor<World = unknown> {
  readonly machine: Machine<World>;
  readonly automaton: Automaton;
  readonly walk: Walk;
  readonly execution: Execution;
  /** Whether the last step has done only what is known, so that it shows nothing that was not seen before. */
  isKnown = false;
  readonly #races: DataRaces;
  readonly #part: Part | undefined;

  /** With a `part`, only the executions of that. */
  constructor(program: Program<World>, part?: Part) {
    this.machine = new Machine(program);
    this.#part = part;
    if (part) this.machine.memory.store(part.slot, this.machine.locks.reservedFor(part.takers));
    this.automaton = new Automaton(this.machine);
    this.#races = new DataRaces(this.machine);
    this.walk = new Walk(this.machine, this.automaton, this.#races.see);
    placeAll({ machine: this.machine, stepper: this.automaton });
    this.machine.memory.forget();
    this.execution = new Execution(this.machine, this.automaton, this.walk);
    this.#races.watch(this.execution, this.walk);
  }

  /** Adds the next step of a task. */
  take(task: number): Pushed {
    const { execution } = this;
    const pushed = execution.push(task);
    this.isKnown = execution.isKnown;
    if (this.#races.isConcerned) {
      this.#races.end(pushed === TAKEN ? execution.length - 1 : NO_EVENT);
      if (this.hasRaces) this.isKnown = false;
    }
    return pushed;
  }

  /** Takes steps back, until the execution is so long. */
  takeBackTo(length: number): void {
    if (this.#races.isConcerned) this.#races.undoTo(length);
    this.execution.takeBackTo(length);
  }

  isAlive(task: number): boolean {
    return this.automaton.at(task)?.isAlive ?? false;
  }

  /** The tasks that can take a step. */
  movers(): number[] {
    return this.machine.tasks.map(({ index }) => index).filter((task) => this.isAlive(task) && this.walk.canStep(task));
  }

  /** The point at which a living task waits, also one that has not started. */
  pointOf(task: number): Node | undefined {
    const node = this.automaton.at(task);
    if (node.isPoint) return node;
    return look({ machine: this.machine, stepper: this.automaton }, task)?.position as Node | undefined;
  }

  /** Whether the execution, which cannot go on, is none of its part: the mutex has not been taken by all who should be first. */
  get isElsewhere(): boolean {
    if (!this.#part) return false;
    const { slot, isTaken } = this.#part;
    const word = this.machine.memory.words[slot] as number;
    const missing = this.machine.locks.reservations(word);
    if (missing !== 1 || isTaken) return missing > 0;
    // The last taking may be missing, unless somebody is kept from it by the reservation alone.
    return this.machine.locks.isUnheld(word) && this.machine.tasks.some(({ index }) => this.#waitsAt(slot, index));
  }

  #waitsAt(slot: number, task: number): boolean {
    return this.isAlive(task) && this.pointOf(task)?.slot === slot;
  }

  /** Looks for data races of those who wait for ever. */
  lookAtWaiting(): void {
    if (!this.automaton.mayRace) return;
    const tasks = this.machine.tasks.map(({ index }) => index);
    this.#races.lookAtWaiting(tasks.filter((task) => this.isAlive(task)));
  }

  get hasRaces(): boolean {
    return this.#races.found.length > 0;
  }

  /**
   * The data races found since this was last asked, each with the tasks of short executions one of which shows it; one that is
   * only foreseen has no report yet.
   */
  takeRaces(): { report: Report | undefined; tries: number[][] }[] {
    return this.#races.found.splice(0).map(({ report, events, last, next }) => {
      const tasks = shortened(this.execution, events, last);
      return { report, tries: next === undefined ? [tasks] : [tasks, [...tasks, next]] };
    });
  }
}
