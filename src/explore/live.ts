/** Tasks as running generators, for replay: each position is used once. */

import type { Fault } from './fault.ts';
import type { Machine, Task } from './machine.ts';
import { isEnabled } from './operations.ts';
import type { Body, Steps } from './program.ts';
import { extend, type Touch } from './races.ts';
import { begin, resumeBody } from './runs.ts';
import { isUnstarted, type Position, pointOf, runPlain, type Stepper } from './stepping.ts';

interface LivePosition extends Position {
  readonly task: number;
  readonly make: Body;
  readonly generator: Steps<unknown> | Fault;
  /** The results so far, as text. */
  readonly history: string;
}

export class LiveTasks implements Stepper<LivePosition> {
  readonly #machine: Machine;
  readonly #positions: LivePosition[] = [];

  constructor(machine: Machine) {
    this.#machine = machine;
    machine.endOf = (task) => {
      const pending = this.#positions[task]?.pending;
      return pending?.type === 'returned' ? pending : undefined;
    };
  }

  isThere(task: number): boolean {
    return this.#positions[task] !== undefined;
  }

  at(task: number): LivePosition {
    return this.#positions[task] as LivePosition;
  }

  place(task: number, position: LivePosition): void {
    this.#positions[task] = position;
  }

  root(task: number, body: number, segment: readonly Touch[]): LivePosition {
    return start(task, body, (this.#machine.tasks[task] as Task).bodies[body] as Body, segment);
  }

  spawned(child: number, body: Body): LivePosition {
    return start(child, 0, body, []);
  }

  after(position: LivePosition, result: unknown): LivePosition {
    const { task, pending } = position;
    const segment =
      pending.type === 'operation' ? extend(position.segment, this.#machine, task, pending.operation, result) : [];
    const history = `${position.history} ${this.#machine.names.show(result)}`;
    return { ...position, pending: resumeBody(position.generator, result), segment, history };
  }

  killed(position: LivePosition, fault: Fault): LivePosition {
    return { ...position, pending: { type: 'failed', fault }, history: `${position.history} ${fault.kind}` };
  }

  settled(position: LivePosition): LivePosition {
    return { ...position, segment: [] };
  }

  /** Whether the task can take a step now. */
  canMove(task: number): boolean {
    const position = this.at(task);
    if (position?.pending.type !== 'operation') return false;
    const point = pointOf(this.standing(task) as LivePosition);
    return point === undefined || isEnabled(this.#machine, task, point);
  }

  /** Where the task stands; an unstarted one before its first scheduling point, tried out in a generator of its own. */
  standing(task: number): LivePosition | undefined {
    const position = this.at(task);
    if (!position || !isUnstarted(position)) return position;
    const saved = this.#machine.save();
    const reports = this.#machine.reports.length;
    const beforePoint = runPlain(
      { machine: this.#machine, stepper: this },
      task,
      start(task, position.body, position.make, []),
    );
    this.#machine.restore(saved);
    this.#machine.reports.length = reports;
    return beforePoint;
  }

  /** Where every task is, as text: equal histories are equal positions. */
  histories(): string {
    return this.#positions.map((position) => `${position.body}${position.history}`).join('|');
  }
}

function start(task: number, body: number, make: Body, segment: readonly Touch[]): LivePosition {
  const generator = begin(make);
  return { task, body, make, generator, segment, pending: resumeBody(generator, undefined, true), history: '' };
}
