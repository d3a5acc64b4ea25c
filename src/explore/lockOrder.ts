/**
 * The order in which locks are taken, over all executions, as lockdep keeps it: who takes which lock while it holds which.
 * A ring in it is a deadlock waiting for its moment, also where some other lock, or luck, keeps the moment from coming.
 */

import type { Lock } from './cells.ts';
import type { Machine, Report, Task } from './machine.ts';
import type { Node } from './node.ts';
import type { Operation } from './operations.ts';

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

export class LockOrders<Place> {
  readonly #machine: Machine;
  readonly #orders: Order<Place>[] = [];
  readonly #known = new Set<string>();
  /** Fair locks that are taken alone: one who waits for that stops new readers, so that readers keep readers waiting. */
  readonly #takenAlone = new Set<Lock>();

  constructor(machine: Machine) {
    this.#machine = machine;
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
      if (holds === takes || this.#known.has(key)) continue;
      this.#known.add(key);
      this.#orders.push({ task, holds, holdsShared, takes, takesShared, place: place() });
    }
  }

  /**
   * The shortest ring: each takes, from a task of its own, what the next one holds. Undefined if there is none. `isSame` says
   * which tasks are one, where that is not as it seems.
   */
  ring(isSame = (one: number, other: number) => one === other): readonly Order<Place>[] | undefined {
    let shortest: readonly Order<Place>[] | undefined;
    for (const first of this.#orders) {
      const ring = this.#ringFrom([first], isSame);
      if (ring && (!shortest || ring.length < shortest.length)) shortest = ring;
    }
    return shortest;
  }

  report(ring: readonly Order<Place>[], scheduleOf: (order: Order<Place>) => string): Report {
    const nameOf = (task: number) => (this.#machine.tasks[task] as Task).name;
    const orders = ring.map((order) => ({
      task: nameOf(order.task),
      holds: order.holds.name,
      takes: order.takes.name,
      schedule: scheduleOf(order),
    }));
    const tell = orders.map(({ task, holds, takes }) => `${task} takes ${takes} while it holds ${holds}`);
    return { kind: 'lock order', message: tell.join('; '), orders };
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

  /** Whether what the one holds may keep the other from taking it. */
  #keeps(one: Order<Place>, other: Order<Place>): boolean {
    if (one.holds !== other.takes) return false;
    return !(one.holdsShared && other.takesShared) || (one.holds.isFair && this.#takenAlone.has(one.holds));
  }
}
