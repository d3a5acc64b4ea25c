/**
 * Steps along the automata: what is known is looked up, by node and word; what is new is done by the table of operations,
 * and known from then on. Nearly all steps of a search are known.
 */

import { type Automaton, ENDED } from './automaton.ts';
import { Cell, Lock } from './cells.ts';
import { type Mode, NONE, SHARE, WRITE } from './dependence.ts';
import { Fault } from './fault.ts';
import type { Machine } from './machine.ts';
import { Effect, type Node } from './node.ts';
import { type Operation, ruleOf } from './operations.ts';
import { touches } from './races.ts';
import { isUnstarted, look, MAX_RESTARTS, performNext, type Run, runPlain } from './stepping.ts';
import { blockedAt } from './waits.ts';

/** Told of a task's plain accesses, in order. */
export type SeePlain = (task: number, slot: number, isWrite: boolean) => void;

export class Walk {
  readonly #machine: Machine;
  readonly #automaton: Automaton;
  readonly #run: Run<Node>;
  readonly #seePlain: SeePlain | undefined;
  #task = 0;
  /** Of the step taken last: where its scheduling point was, if it had one, the object of that, and how it was touched. */
  point: Node | undefined;
  slot = -1;
  /** The word that it met there. */
  met = 0;
  mode: Mode = NONE;
  /** Of the step that could not be taken: the tasks that keep it, as bits. */
  keptBy = 0;

  constructor(machine: Machine, automaton: Automaton, seePlain?: SeePlain) {
    this.#machine = machine;
    this.#automaton = automaton;
    this.#seePlain = seePlain;
    this.#run = { machine, stepper: automaton, observe: (operation, result) => this.#observe(operation, result) };
  }

  /** Takes one step of a task that has not ended. False if it must wait: then what it did before its first point is to be undone in memory. */
  step(task: number): boolean {
    const { reports } = this.#machine;
    const reported = reports.length;
    const isTaken = this.#tryStep(task);
    if (!isTaken) reports.length = reported;
    return isTaken;
  }

  #tryStep(task: number): boolean {
    const { memory } = this.#machine;
    this.#task = task;
    this.point = undefined;
    this.slot = -1;
    this.mode = NONE;
    let node = this.#automaton.at(task);
    if (!node.rests) node = this.#goOn(task, node);
    this.point = node.isPoint ? node : undefined;
    if (node.isPoint) {
      const effect = node.slot < 0 ? undefined : node.effectOn(memory.words[node.slot] as number);
      if (effect === undefined) return this.#stepAnew(task, node);
      if (effect.next === undefined) {
        this.keptBy = effect.keptBy;
        return false;
      }
      memory.store(node.slot, effect.left);
      this.slot = node.slot;
      this.met = effect.met;
      this.mode = effect.mode;
      node = effect.next;
      if (!node.rests) node = this.#goOn(task, node);
    }
    this.#automaton.place(task, node);
    return true;
  }

  /** At a glance: the task that keeps another from the mutex that it would take, as a bit; 0 if none does, ENDED if it takes no step. */
  glance(task: number): number {
    const { memory, taskSlots } = this.#machine;
    const { words } = memory;
    const mutex = this.#automaton.mutexes[words[taskSlots[task] as number] as number] as number;
    if (mutex < 0) return mutex === ENDED ? ENDED : 0;
    const word = words[mutex] as number;
    return word < 0 ? 1 << (-word - 1) : 0;
  }

  /** The tasks that are known to keep a task from the step at the node, as bits; 0 if none is known to. Changes nothing. */
  keepersOf(node: Node): number {
    if (!node.mayWait || node.slot < 0 || !node.isPoint) return 0;
    const word = this.#machine.memory.words[node.slot] as number;
    const effect = node.effectOn(word);
    return effect === undefined || effect.next !== undefined ? 0 : effect.keptBy;
  }

  /** What the node's operation does, where that is known and all of the step: no plain accesses follow. Changes nothing. */
  wholeStep(node: Node): Effect | undefined {
    if (!node.isPoint || node.slot < 0) return undefined;
    const effect = node.effectOn(this.#machine.memory.words[node.slot] as number);
    return effect?.next?.rests ? effect : undefined;
  }

  /** Whether the task can take a step. Changes nothing. */
  canStep(task: number): boolean {
    const node = this.#automaton.at(task);
    if (node === undefined || node.pending.type !== 'operation') return false;
    if (isUnstarted(node))
      return look({ machine: this.#machine, stepper: this.#automaton }, task)?.blocked === undefined;
    const effect = node.slot < 0 ? undefined : node.effectOn(this.#machine.memory.words[node.slot] as number);
    return effect === undefined ? !this.#mustWait(task, node) : effect.next !== undefined;
  }

  /** What the operation that a node stands at would do where that word stands. Changes nothing. */
  effectOn(task: number, node: Node, word: number): Effect {
    const known = node.effectOn(word);
    if (known !== undefined) return known;
    const { memory, reports } = this.#machine;
    const [mark, reported] = [memory.mark(), reports.length];
    memory.store(node.slot, word);
    const failed = this.#mustWait(task, node) ? undefined : this.#failureOf(task, node, word);
    memory.undoTo(mark);
    reports.length = reported;
    return failed ?? (node.effectOn(word) as Effect);
  }

  /** Tries the node's operation. What comes of it is known from then on, unless it fails: then it is returned. */
  #failureOf(task: number, node: Node, word: number): Effect | undefined {
    let mode = NONE;
    const observe = (operation: Operation, result: unknown) => {
      mode = modeOf(operation, result);
    };
    const next = performNext({ machine: this.#machine, stepper: this.#automaton, observe }, task, node);
    return next.pending.type === 'failed' && !node.effectOn(word)
      ? new Effect(word, word, mode, next, 0, undefined)
      : undefined;
  }

  /** The step of a task at a point whose effect is not known yet. */
  #stepAnew(task: number, node: Node): boolean {
    if (this.#mustWait(task, node)) return false;
    if (node.slot >= 0) this.met = this.#machine.memory.words[node.slot] as number;
    let next = performNext(this.#run, task, node);
    if (node.kind === 'spawn') this.#touchName(node);
    if (!next.rests) next = this.#goOn(task, next);
    this.#automaton.place(task, next);
    return true;
  }

  #mustWait(task: number, node: Node): boolean {
    const { memory } = this.#machine;
    const { operation } = node.pending as { operation: Operation };
    const blocked = blockedAt(this.#machine, task, operation);
    if (!blocked) return false;
    this.keptBy = blocked.by.reduce((bits, each) => bits | (1 << each), 0);
    if (node.slot >= 0) node.learnToWait(memory.words[node.slot] as number, this.keptBy);
    return true;
  }

  /** Along plain accesses and the ends of bodies, to where the task rests. */
  #goOn(task: number, from: Node): Node {
    const { memory } = this.#machine;
    let restarts = 0;
    for (let node = from; ; ) {
      if (node.rests) return node;
      const effect = node.slot < 0 ? undefined : node.effectOn(memory.words[node.slot] as number);
      if (effect?.next) {
        this.#seePlain?.(task, node.slot, effect.mode === WRITE);
        memory.store(node.slot, effect.left);
        node = effect.next;
      } else if (node.always && restarts <= MAX_RESTARTS) {
        if (node.kind === 'progress') this.#machine.progressed = true;
        if (node.kind === 'again') {
          this.#machine.objects.restart(task);
          restarts++;
        }
        node = node.always;
      } else {
        return runPlain(this.#run, task, node);
      }
    }
  }

  #observe(operation: Operation, result: unknown): void {
    if (!ruleOf(operation).point) {
      for (const { slot, write } of touches(this.#machine, this.#task, operation, result))
        this.#seePlain?.(this.#task, slot, write);
    } else {
      this.mode = modeOf(operation, result);
      this.slot = this.mode === NONE ? -1 : ((operation.on as { slot?: number } | undefined)?.slot ?? -1);
    }
  }

  /** Two tasks that spawn one of the same name are rivals for that name. */
  #touchName({ pending }: Node): void {
    const { operation } = pending as { operation: Operation };
    this.slot = this.#machine.taskNamed(operation.args[0] as string)?.slot ?? -1;
    if (this.slot < 0) this.mode = NONE; // no task can have that name
  }
}

/** How a scheduling point has touched its object, if that is one. */
function modeOf(operation: Operation, result: unknown): Mode {
  const { mode, modeOfDeath } = ruleOf(operation);
  if (!(result instanceof Fault)) return mode?.(result) ?? NONE;
  const { on } = operation;
  const isFit = on instanceof Cell || (on instanceof Lock && (modeOfDeath !== SHARE || on.sort === 'rwlock'));
  return isFit ? (modeOfDeath ?? NONE) : NONE;
}
