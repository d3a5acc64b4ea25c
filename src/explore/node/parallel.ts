/**
 * The two engines side by side, each in a thread of its own, for a program that a module makes: a program is closures, which
 * do not travel, so each thread imports it. Whichever proves something first is asked. The verdict, the violation and the names
 * of the outcomes are those of `explore` alone: what one engine proves the other cannot refute, and the violation is the
 * graph's, if it finds one. Which engine it was, its counts and its ways to the outcomes may differ.
 */

import { Worker } from 'node:worker_threads';
import { type Come, type Rival, verdictOf } from '../auto.ts';
import type { Exploration, ExploreOptions } from '../program.ts';

/** Where a program is to be had: what the module exports under that name is the program, or a function that makes it. */
export interface Named {
  /** A file URL, or a module's name. */
  readonly module: string;
  readonly export: string;
  /** For a function. */
  readonly arguments?: readonly unknown[];
}

/** What travels to a thread. Progress and cancelling stay here. */
export type ParallelOptions = Pick<ExploreOptions, 'stopAt' | 'states' | 'executions' | 'steps'> & {
  readonly onProgress?: ExploreOptions['onProgress'];
  readonly signal?: AbortSignal;
};

/** What a thread says: how far it is, or what it has come to. */
export type RivalSays =
  | { readonly progress: { steps: number; states: number; executions: number; estimate?: number } }
  | Come;

/** Nobody waits for the other's turn. */
const turns = { graph: Number.POSITIVE_INFINITY, dpor: Number.POSITIVE_INFINITY };

/** Explores in parallel. Rejects where the module does not have the program, or it breaks the one rule. */
export async function exploreInParallel(named: Named, options: ParallelOptions = {}): Promise<Exploration> {
  const { onProgress: _, signal, ...plain } = options;
  const rivals: Rival[] = ['graph', 'dpor'];
  const threads = rivals.map(
    (rival) => new Worker(new URL('./rival.ts', import.meta.url), { workerData: { named, options: plain, rival } }),
  );
  try {
    return await race(rivals, threads, options);
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
    signal?.throwIfAborted();
  }
}

function race(rivals: readonly Rival[], threads: readonly Worker[], options: ParallelOptions): Promise<Exploration> {
  const stopsAtFirst = options.stopAt !== 'never';
  const come: { [rival in Rival]?: Come } = {};
  const latest = rivals.map(() => ({ steps: 0, states: 0, executions: 0, estimate: undefined as number | undefined }));
  return new Promise((resolve, reject) => {
    options.signal?.addEventListener('abort', () => reject(options.signal?.reason), { once: true });
    for (const [at, thread] of threads.entries()) {
      const rival = rivals[at] as Rival;
      thread.once('error', reject);
      thread.on('message', (said: RivalSays) => {
        if ('found' in said) {
          come[rival] = said;
          // What DPOR finds is a counterexample, but the graph knows the least.
          if (rival === 'dpor' && said.found.verdict === 'violated' && stopsAtFirst)
            threads[0]?.postMessage('violated');
        } else {
          latest[at] = { estimate: undefined, ...said.progress };
          options.onProgress?.(sum(latest));
        }
        const verdict = verdictOf(come, turns, stopsAtFirst);
        if (verdict) resolve(verdict);
      });
    }
  });
}

function sum(all: readonly { steps: number; states: number; executions: number; estimate: number | undefined }[]) {
  return {
    steps: all.reduce((total, { steps }) => total + steps, 0),
    states: Math.max(...all.map(({ states }) => states)),
    executions: Math.max(...all.map(({ executions }) => executions)),
    estimate: all.map(({ estimate }) => estimate).find((each) => each !== undefined),
  };
}
