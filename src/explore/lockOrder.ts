/**
 * The order in which locks are taken, over all executions, as lockdep keeps it: who takes which lock while it holds which.
 * A ring in it is a deadlock waiting for its moment, also where some other lock, or luck, keeps the moment from coming.
 *
 * Locks that are declared with one class count as one. So to take one of a class under another is a ring of its own: another
 * task may do it the other way round. Whoever only tries to take a lock never waits for it, and closes no ring. Unlike lockdep
 * this wants each order of a ring from another task: one task alone does not wait for itself. Left out: subclasses
 * (`spin_lock_nested()`).
 */

import type { Lock } from './cells.ts';
import type { Machine, Report, Task } from './machine.ts';
import type { Node } from './node.ts';
import type { Operation } from './operations.ts';
import { orderOf } from './places.ts';

/** A task that holds one lock takes another, for which it may have to wait. */
export interface Order<Place> {
  readonly task: number;
  readonly holds: Lock;
  readonly holdsShared: boolean;
  readonly takes: Lock;
  readonly takesShared: boolean;
  /** Where it was seen first. */
  readonly place: Place;
}

/** The lock that is held and the one that is taken, or their classes. */
export type LockPair = readonly [holds: string, takes: string];

export class LockOrders<Place> {
  readonly #machine: Machine;
  readonly #orders: Order<Place>[] = [];
  readonly #known = new Set<string>();
  /** Fair locks that are taken alone: one who waits for that stops new readers, so that readers keep readers waiting. */
  readonly #takenAlone = new Set<Lock>();

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  get pairs(): readonly LockPair[] {
    return this.#orders.map(({ holds, takes }) => [nameOf(holds), nameOf(takes)]);
  }

  /** Notes what the task's step, which has just been taken from that point, says of the order; once for each point. */
  note(task: number, point: Node, place: () => Place): void {
    if (point.isNoted) return;
    point.isNoted = true;
    if (point.kind !== 'acquire' && point.kind !== 'acquireShared') return;
    const takes = (point.pending as { operation: Operation }).operation.on as Lock;
    const takesShared = point.kind === 'acquireShared';
    if (!takesShared) this.#takenAlone.add(takes);
    for (const holds of this.#machine.locksHeldBy(task)) {
      const holdsShared = !this.#machine.holdsAlone(holds, task);
      const key = `${task} ${holds.slot}${holdsShared} ${takes.slot}${takesShared}`;
      if ((holds === takes && !this.#isReadTwice(holds, task)) || this.#known.has(key)) continue;
      this.#known.add(key);
      this.#orders.push({ task, holds, holdsShared, takes, takesShared, place: place() });
    }
  }

  /** What a task has just taken it holds; that it held it before as well only its readers can say. */
  #isReadTwice(lock: Lock, task: number): boolean {
    const { locks, memory } = this.#machine;
    return !lock.isRecursive && locks.reads(memory.words[lock.slot] as number, task) > 1;
  }

  /**
   * The shortest ring: each takes, from a task of its own, what the next one holds, or a lock of its class. One who takes two
   * of a class is a ring by itself. Undefined if there is none. `isSame` says which tasks are one, where that is not as it seems.
   */
  ring(isSame = (one: number, other: number) => one === other): readonly Order<Place>[] | undefined {
    const nested = this.#orders.find((order) => this.#keeps(order, order));
    if (nested) return [nested];
    let shortest: readonly Order<Place>[] | undefined;
    for (const first of this.#orders) {
      const ring = this.#ringFrom([first], isSame);
      if (ring && (!shortest || ring.length < shortest.length)) shortest = ring;
    }
    return shortest;
  }

  report(ring: readonly Order<Place>[], scheduleOf: (order: Order<Place>) => string): Report {
    const nameOf = (task: number) => (this.#machine.tasks[task] as Task).name;
    const orders = ring.map((order) => orderOf(nameOf(order.task), order.holds, order.takes, scheduleOf(order)));
    const tell = orders.map(({ task, holds, takes }) => `${task} takes ${takes} while it holds ${holds}`);
    return { kind: 'lock order', message: [...tell, ...likenessesIn(ring)].join('; '), orders };
  }

  #ringFrom(
    path: readonly Order<Place>[],
    isSame: (one: number, other: number) => boolean,
  ): readonly Order<Place>[] | undefined {
    const [first, last] = [path[0], path.at(-1)] as [Order<Place>, Order<Place>];
    if (path.length > 1 && this.#keeps(first, last)) return path;
    for (const next of this.#orders) {
      if (path.includes(next) || path.some(({ task }) => isSame(task, next.task)) || !this.#keeps(next, last)) continue;
      const ring = this.#ringFrom([...path, next], isSame);
      if (ring) return ring;
    }
    return undefined;
  }

  /** Whether what the one holds may keep the other from taking it, or one of its class. */
  #keeps(one: Order<Place>, other: Order<Place>): boolean {
    if (!isOneClass(one.holds, other.takes)) return false;
    if (!(one.holdsShared && other.takesShared) || !one.holds.isRecursive) return true;
    return one.holds.isFair && this.#takenAlone.has(one.holds);
  }
}

const isOneClass = (one: Lock, other: Lock) => one === other || (one.class !== undefined && one.class === other.class);

const nameOf = ({ class: named, slot }: Lock) => named ?? String(slot);

/** Whether some of the orders make a ring, if it does not matter who takes a lock, and how. */
export function mayCloseRing(pairs: readonly LockPair[]): boolean {
  const inside = pairs.filter(([, takes]) => pairs.some(([holds]) => holds === takes));
  return inside.length === pairs.length ? pairs.length > 0 : mayCloseRing(inside);
}

/** Which locks the ring takes for one. */
function likenessesIn(ring: readonly Order<unknown>[]): string[] {
  const likenesses = ring.flatMap(({ takes }, at) => {
    const { holds } = ring[(at + 1) % ring.length] as Order<unknown>;
    return holds === takes ? [] : [`${takes.name} and ${holds.name} are of one class, ${takes.class}`];
  });
  return [...new Set(likenesses)];
}
