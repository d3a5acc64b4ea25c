/** Tasks as running generators, for replay: each position is used once. */

import type { Fault } from './fault.ts';
import type { Machine, Task } from './machine.ts';
import type { Body, Steps } from './program.ts';
import { extend, segmentOfDead, type Touch } from './races.ts';
import { begin, resumeBody } from './runs.ts';
import type { Position, Stepper } from './stepping.ts';

interface LivePosition extends Position {
  readonly task: number;
  readonly make: Body;
  readonly generator: Steps<unknown> | Fault;
  /** The number of its results so far: equal histories are equal numbers. */
  readonly history: number;
}

export class LiveTasks implements Stepper<LivePosition> {
  readonly #machine: Machine;
  readonly #positions: LivePosition[] = [];
  readonly #histories = new Map<string, number>();

  constructor(machine: Machine) {
    this.#machine = machine;
    machine.pendingOf = (task) => this.#positions[task]?.pending;
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

  restarted({ task, body, make, segment }: LivePosition): LivePosition {
    return start(task, body, make, segment);
  }

  trial(task: number): LivePosition {
    const { body, make } = this.at(task);
    return start(task, body, make, []);
  }

  after(position: LivePosition, result: unknown): LivePosition {
    const { task, pending } = position;
    const segment =
      pending.type === 'operation' ? extend(position.segment, this.#machine, task, pending.operation, result) : [];
    const history = this.#extend(position.history, this.#machine.names.tell(result));
    return { ...position, pending: resumeBody(position.generator, result), segment, history };
  }

  killed(position: LivePosition, fault: Fault): LivePosition {
    const segment = segmentOfDead(position, this.#machine, position.task, fault);
    const history = this.#extend(position.history, fault.kind);
    return { ...position, pending: { type: 'failed', fault }, segment, history };
  }

  settled(position: LivePosition): LivePosition {
    return { ...position, segment: [] };
  }

  /** Where every task is, as text: equal texts are equal positions. */
  histories(): string {
    return this.#positions.map(({ body, history }) => `${body}.${history}`).join('|');
  }

  #extend(history: number, by: string): number {
    const key = `${history} ${by}`;
    const known = this.#histories.get(key) ?? this.#histories.size + 1;
    this.#histories.set(key, known);
    return known;
  }
}

function start(task: number, body: number, make: Body, segment: readonly Touch[]): LivePosition {
  const generator = begin(make);
  return { task, body, make, generator, segment, pending: resumeBody(generator, undefined, true), history: 0 };
}
