/** Asks the worker for positions. */

import type { Position } from '#explore';
import type { Reply, Request } from './worker.ts';

export class Player {
  readonly #puzzle: string;
  readonly #worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });

  constructor(puzzle: string) {
    this.#puzzle = puzzle;
  }

  /** To the end of the schedule; then, with `runOn`, as far as that task comes by itself. One call at a time. */
  play(schedule: string, runOn?: string): Promise<Position> {
    const request: Request = { puzzle: this.#puzzle, schedule, ...(runOn === undefined ? {} : { runOn }) };
    return new Promise((resolve, reject) => {
      this.#worker.onmessage = ({ data }: MessageEvent<Reply>) =>
        'error' in data ? reject(new Error(data.error)) : resolve(data);
      this.#worker.onerror = (event) => reject(new Error(event.message || 'its worker does not start'));
      this.#worker.postMessage(request);
    });
  }

  close(): void {
    this.#worker.terminate();
  }
}
