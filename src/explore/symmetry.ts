/**
 * Symmetry: where tasks are interchangeable, states that differ only by who is who are one. Each state is replaced by the
 * representative of its like, in which the tasks of a group stand in the order of their histories.
 *
 * A renaming of tasks renames with them where they stand, the locks they hold, the objects they have allocated and the values
 * that name those, and the cells and locks that each has of its own. That tasks are interchangeable is not believed: every
 * history that was met is had again under every renaming of its tasks, and must come to the same operation with the same effects.
 */

import type { Automaton } from './automaton.ts';
import { Cell, Lock } from './cells.ts';
import { MAX_TASKS, type Machine, type Task } from './machine.ts';
import { roomFor } from './memory.ts';
import type { Node } from './node.ts';
import type { Operation } from './operations.ts';
import type { Program } from './program.ts';
import { identity, type Renaming, renamingsOf } from './renamings.ts';
import type { Walk } from './walk.ts';

/** Tasks that were said to be interchangeable are not, and why. */
export class NotAlike extends Error {}

type Owned = Cell | Lock;

/** More renamings than that are not tried on a program's own judgement. */
const MOST_RENAMINGS = 720;

export class Symmetry {
  readonly #machine: Machine;
  readonly #automaton: Automaton;
  readonly #walk: Walk;
  readonly #groups: readonly (readonly number[])[];
  /** By task: its group; undefined for those that are alone. */
  readonly #groupOf: (readonly number[] | undefined)[] = [];
  /** By cell or lock that a task has of its own: those of all tasks of its group, by task. */
  readonly #families = new Map<Owned, Owned[]>();
  /** By node that has to do with other tasks of a group, and by renaming of all those: what it becomes. */
  readonly #renamed = new Map<Node, Map<string, Node>>();
  /** Who becomes whom; the same list each time. */
  readonly #to: number[];
  readonly #ranks = new Int32Array(MAX_TASKS);
  /** The words before a renaming. */
  #before = new Int32Array(64);
  /** The words of the initial state. */
  readonly #initial: Int32Array;

  /** Memory must be in the initial state. Throws `NotAlike`. */
  constructor(machine: Machine, automaton: Automaton, walk: Walk, groups: readonly (readonly number[])[]) {
    this.#machine = machine;
    this.#automaton = automaton;
    this.#walk = walk;
    this.#groups = groups;
    this.#to = identity(machine.tasks.length);
    this.#initial = machine.memory.words.slice();
    for (const group of groups) for (const task of group) this.#groupOf[task] = group;
    for (const group of groups) for (const task of group) this.#checkBeginning(group[0] as number, task);
  }

  /** What holds for exchanges with the first of a group holds for all renamings: they are made of such. */
  #checkBeginning(first: number, task: number): void {
    const { memory } = this.#machine;
    const to = identity(this.#to.length);
    [to[first], to[task]] = [task, first];
    const mark = memory.mark();
    this.rename(to);
    const { words, length } = memory;
    const isSame = words.subarray(0, length).every((word, slot) => word === (this.#initial[slot] ?? 0));
    memory.undoTo(mark);
    if (!isSame) throw new NotAlike('they do not begin alike');
  }

  /** Replaces the state that memory is in by its representative. Throws `NotAlike`. */
  canonicalise(): void {
    let isSorted = true;
    for (const group of this.#groups) isSorted = this.#sort(group) && isSorted;
    if (!isSorted) this.rename(this.#to);
  }

  /** Replaces the state that memory is in by what it becomes when tasks are renamed. */
  rename(to: Renaming): void {
    const { memory, locks, allLocks, tasks, objects } = this.#machine;
    const moves = objects.hasAllocated ? [...objects.renamedSlots(to)] : []; // this may make new slots, so it comes first
    this.#before = roomFor(this.#before, memory.words.length);
    const before = this.#before;
    before.set(memory.words);
    for (const group of this.#groups) {
      for (const task of group) {
        const other = to[task] as number;
        const node = this.#automaton.nodes[before[(tasks[task] as Task).slot] as number];
        if (other !== task && node) this.#automaton.place(other, this.#nodeUnder(node, to));
      }
    }
    // `before` becomes what is to stand there: first each thing in its place, then named anew.
    const isMoved = this.#families.size > 0 || moves.length > 0;
    if (isMoved) this.#move(before, moves, to);
    for (const { slot } of allLocks) memory.store(slot, locks.renamed(before[slot] as number, to));
    if (!isMoved) return;
    for (const { slot } of this.#machine.allCells())
      memory.store(slot, this.#machine.renamedWord(before[slot] as number, to));
  }

  /** Puts into the list of renamings who of the group becomes whom, so that they stand in order. True if they do already. */
  #sort(group: readonly number[]): boolean {
    const ranks = this.#ranks;
    let isSorted = true;
    for (let at = 0; at < group.length; at++) {
      ranks[at] = this.#rankOf(group[at] as number);
      if (at > 0 && (ranks[at - 1] as number) > (ranks[at] as number)) isSorted = false;
    }
    for (let at = 0; at < group.length; at++) {
      let place = at;
      if (!isSorted) {
        place = 0;
        for (let other = 0; other < group.length; other++) {
          const [mine, theirs] = [ranks[at] as number, ranks[other] as number];
          if (theirs < mine || (theirs === mine && other < at)) place++;
        }
      }
      this.#to[group[at] as number] = group[place] as number;
    }
    return isSorted;
  }

  /** Calls for each state that is like this one, with memory in it. */
  forEachRenaming(look: () => void): void {
    const { memory, tasks } = this.#machine;
    let tried = 0;
    for (const to of renamingsOf(this.#groups.flat(), (task) => this.#groupOf[task] ?? [task], tasks.length)) {
      if (++tried > MOST_RENAMINGS) throw new NotAlike('there are too many ways to rename them');
      const mark = memory.mark();
      this.rename(to);
      look();
      memory.undoTo(mark);
    }
  }

  /** Has every history that was met again under every renaming. Throws `NotAlike`. */
  verify(): void {
    const nodes = this.#automaton.nodes.slice(1) as Node[]; // more come while one looks
    for (const node of nodes) {
      const moved = this.#tasksIn(node);
      if (moved.length === 0) this.#verifyBystander(node);
      for (const to of renamingsOf(moved, (task) => this.#groupOf[task] ?? [task], this.#to.length))
        this.#verify(node, to);
    }
  }

  /** A task of no group, which knows none of a group, may touch nothing that one of them has of its own. */
  #verifyBystander({ pending }: Node): void {
    const on = pending.type === 'operation' ? pending.operation.on : undefined;
    if (this.#families.has(on as Owned)) throw new NotAlike(`another task uses ${(on as Owned).name}`);
  }

  #verify(node: Node, to: Renaming): void {
    const twin = this.#nodeUnder(node, to);
    for (let effect = node.effects; effect !== undefined; effect = effect.other) {
      const other = this.#walk.effectOn(twin.task, twin, this.#wordUnder(node, effect.met, to));
      const isSame =
        other !== undefined &&
        other.mode === effect.mode &&
        other.left === this.#wordUnder(node, effect.left, to) &&
        (other.next === undefined) === (effect.next === undefined) &&
        (effect.next === undefined || other.next === this.#nodeUnder(effect.next, to));
      if (!isSame) throw new NotAlike(`${this.#tell(node)} does not come to the same in each of them`);
    }
  }

  /** A word of the node's object, under the renaming. */
  #wordUnder({ pending }: Node, word: number, to: Renaming): number {
    const { on } = (pending as { operation: Operation }).operation;
    return on instanceof Lock ? this.#machine.locks.renamed(word, to) : this.#machine.renamedWord(word, to);
  }

  /** The number by which the tasks of a group are put in order: that of the node's like for the first of the group. */
  #rankOf(task: number): number {
    const node = this.#automaton.at(task);
    if (node.rank > 0) return node.rank;
    // Who knows objects of others has no like for the first alone; where it came from will do, for an order.
    let pure: Node | undefined = node;
    while (pure?.parent && this.#foreignIn(pure) !== 0) pure = pure.parent;
    const first = (this.#groupOf[node.task] as readonly number[])[0] as number;
    node.rank = this.#swapped(pure as Node, first).id;
    return node.rank;
  }

  /** The node as that of another task of its group, which changes places with the node's own. */
  #swapped(node: Node, task: number): Node {
    if (task === node.task) return node;
    const to = identity(this.#to.length);
    to[task] = node.task;
    to[node.task] = task;
    return this.#nodeUnder(node, to);
  }

  /** What the node becomes under the renaming. Throws `NotAlike` if it is not the same there. */
  #nodeUnder(node: Node, to: Renaming): Node {
    if (this.#foreignIn(node) === 0) {
      const task = to[node.task] ?? node.task; // who is spawned on the way becomes nobody else
      if (task === node.task) return node;
      node.likes ??= [];
      const like = node.likes[task] ?? this.#makeUnder(node, to);
      node.likes[task] = like;
      return like;
    }
    const moved = this.#tasksIn(node);
    const key = moved.map((task) => to[task]).join(' ');
    if (moved.every((task) => to[task] === task)) return node;
    const known = this.#renamed.get(node) ?? new Map<string, Node>();
    const twin = known.get(key) ?? this.#makeUnder(node, to);
    this.#renamed.set(node, known.set(key, twin));
    return twin;
  }

  #makeUnder(node: Node, to: Renaming): Node {
    const automaton = this.#automaton;
    const task = to[node.task] ?? node.task;
    let twin: Node;
    if (node.aside) twin = automaton.settled(this.#nodeUnder(node.aside, to));
    else if (node.parent) {
      const result = this.#machine.objects.renamed(node.via, to);
      twin = automaton.child(this.#nodeUnder(node.parent, to), result);
    } else {
      if (node.segment.length > 0) throw new NotAlike(`${this.#tell(node)} begins where plain accesses lead`);
      twin = automaton.root(task, node.body, []);
    }
    this.#compare(node, twin, to);
    return twin;
  }

  #compare(node: Node, twin: Node, to: Renaming): void {
    const [one, other] = [node.pending, twin.pending];
    const isSame =
      (one.type === 'returned' && other.type === 'returned' && this.#isSame(one.value, other.value, to)) ||
      (one.type === 'operation' && other.type === 'operation' && this.#isSameOperation(node, twin, to));
    if (!isSame) throw new NotAlike(`${this.#tell(node)} and ${this.#tell(twin)} are not the same`);
  }

  #isSameOperation(node: Node, twin: Node, to: Renaming): boolean {
    const [one, other] = [node.pending, twin.pending].map(
      (pending) => (pending as { operation: Operation }).operation,
    ) as [Operation, Operation];
    if (one.kind !== other.kind || one.called !== other.called || one.args.length !== other.args.length) return false;
    if (!one.args.every((arg, at) => this.#isSame(arg, other.args[at], to))) return false;
    const isShared = !this.#families.has(one.on as Owned) && this.#isSame(one.on, other.on, to);
    return isShared || this.#isFamily(one.on, other.on, node.task, twin.task);
  }

  #isSame(one: unknown, other: unknown, to: Renaming): boolean {
    // Two functions of one text may still differ; what they do is compared by their effects.
    if (typeof one === 'function') return typeof other === 'function' && String(one) === String(other);
    // What a body has made itself and returns: as long as it is a list.
    if (Array.isArray(one) && this.#machine.names.pathOf(one) === undefined)
      return (
        Array.isArray(other) &&
        one.length === other.length &&
        one.every((each, at) => this.#isSame(each, other[at], to))
      );
    return Object.is(this.#machine.objects.renamed(one, to), other);
  }

  /** Whether the two are what the one task and the other have of their own; that is found out when they first come to it. */
  #isFamily(one: unknown, other: unknown, task: number, target: number): boolean {
    const isPair =
      one instanceof Cell
        ? other instanceof Cell
        : one instanceof Lock && other instanceof Lock && one.sort === other.sort;
    if (!isPair) return false;
    const family = this.#families.get(one as Owned) ?? this.#families.get(other as Owned) ?? [];
    if (this.#families.has(one as Owned) && family.indexOf(one as Owned) !== task)
      throw new NotAlike(`one of them uses ${(one as Owned).name}, which is another’s own`);
    if (task === target) return one === other;
    if ((family[task] ?? one) !== one || (family[target] ?? other) !== other) return false;
    if (family[target] === undefined && this.#families.has(other as Owned)) return false;
    family[task] = one as Owned;
    family[target] = other as Owned;
    this.#families.set(one as Owned, family).set(other as Owned, family);
    return true;
  }

  #tasksIn(node: Node): number[] {
    const foreign = this.#foreignIn(node);
    const tasks = this.#groupOf[node.task] ? [node.task] : [];
    for (let task = 0; foreign >> task !== 0; task++) if ((foreign >> task) & 1) tasks.push(task);
    return tasks;
  }

  /** The tasks of groups, other than its own, whose objects the node's history names, as bits. */
  #foreignIn(node: Node): number {
    if (node.foreign >= 0) return node.foreign;
    const allocator = this.#machine.objects.allocatorOf(node.via);
    const own = allocator >= 0 && allocator !== node.task && this.#groupOf[allocator] ? 1 << allocator : 0;
    const before = node.aside ?? node.parent;
    node.foreign = own | (before ? this.#foreignIn(before) : 0);
    return node.foreign;
  }

  /** Moves what a task has of its own to where the other has the like. */
  #move(words: Int32Array, moves: readonly (readonly [from: number, to: number])[], to: Renaming): void {
    const before = words.slice();
    for (const [from, slot] of moves) {
      words[slot] = before[from] as number;
      this.#machine.memory.store(slot, before[from] as number);
    }
    for (const family of new Set(this.#families.values())) {
      for (const [task, target] of family.entries()) {
        if (!target) continue;
        const source = family[to.indexOf(task)];
        words[target.slot] = (source ? before[source.slot] : this.#initial[target.slot]) as number;
      }
    }
  }

  #tell({ task, pending }: Node): string {
    const { name } = this.#machine.tasks[task] as Task;
    return pending.type === 'operation'
      ? `${name}: ${this.#machine.describe(pending.operation)}`
      : `${name}, which has ended,`;
  }
}

/** The groups of tasks that the program calls interchangeable, by index. Throws `NotAlike` for what is no group. */
export function groupsOf<World>({ symmetric = [] }: Program<World>, machine: Machine<World>): number[][] {
  const names = symmetric.flat();
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined) throw new NotAlike(`${twice} is named twice`);
  return symmetric.map((group) =>
    group
      .map((name) => {
        const task = machine.taskNamed(name);
        if (!task) throw new NotAlike(`there is no task ${name}`);
        return task.index;
      })
      .sort((one, other) => one - other),
  );
}
