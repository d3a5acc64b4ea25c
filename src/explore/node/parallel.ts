/**
 * The two engines side by side, each in a thread of its own, for a program that a module makes: a program is closures, which
 * do not travel, so each thread imports it. Whichever proves something first is asked; and what is left to DPOR when the graph has given up
 * both threads do, part by part. The verdict, the violation and the names of the outcomes are those of `explore` alone: what one
 * engine proves the other cannot refute, the violation is the graph's, if it finds one, and parts are asked for nothing but a
 * proof. Which engine it was, its counts and its ways to the outcomes may differ.
 */

import { Worker } from 'node:worker_threads';
import { type Come, type Rival, verdictOf } from '../auto.ts';
import { type Part, type PartFound, proofOf } from '../dpor/parts.ts';
import { DEFAULT_EXECUTIONS } from '../dpor/search.ts';
import type { Exploration, ExploreOptions, Progress } from '../program.ts';

/** Where a program is to be had: what the module exports under that name is the program, or a function that makes it. */
export interface Named {
  /** A file URL, or a module's name. */
  readonly module: string;
  readonly export: string;
  /** For a function. */
  readonly arguments?: readonly unknown[];
}

/** What travels to a thread. Progress and cancelling stay here. */
type PlainOptions = Pick<ExploreOptions, 'states' | 'executions' | 'steps'> & { readonly stopAt?: 'first' | 'never' };
export type ParallelOptions = PlainOptions & {
  readonly onProgress?: ExploreOptions['onProgress'];
  readonly signal?: AbortSignal;
};

/** What a thread is told at its start. `partsTaken`: how many parts some thread has begun with. */
export interface RivalData {
  readonly named: Named;
  readonly options: PlainOptions;
  readonly rival: Rival;
  readonly partsTaken: Int32Array;
}

/** What a thread says: how far it is, what it has come to, that there are parts, or what one has come to. */
export type RivalSays = { readonly progress: Progress } | Come | AreParts | PartCome;
interface AreParts {
  readonly parts: readonly Part[];
}
type PartCome = Come & PartFound & { readonly part: number };

/** To the graph: DPOR has found something wrong, or can be helped. To both: parts are of no use, the whole is to be explored. */
export type MainSays = 'violated' | 'no parts' | AreParts;

/** Nobody waits for the other's turn. */
const turns = { graph: Number.POSITIVE_INFINITY, dpor: Number.POSITIVE_INFINITY };

/** Explores in parallel. Rejects where the module does not have the program, or it breaks the one rule. */
export async function exploreInParallel(named: Named, options: ParallelOptions = {}): Promise<Exploration> {
  const { onProgress: _, signal, ...plain } = options;
  const rivals: Rival[] = ['graph', 'dpor'];
  const partsTaken = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const threads = rivals.map((rival) => {
    const workerData: RivalData = { named, options: plain, rival, partsTaken };
    return new Worker(new URL('./rival.ts', import.meta.url), { workerData });
  });
  try {
    return await race(rivals, threads, options);
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
    signal?.throwIfAborted();
  }
}

function race(rivals: readonly Rival[], threads: readonly Worker[], options: ParallelOptions): Promise<Exploration> {
  const latest = rivals.map((): Progress => ({ steps: 0, states: 0, executions: 0, estimate: undefined }));
  const standing = new Standing(options, threads);
  return new Promise((resolve, reject) => {
    options.signal?.addEventListener('abort', () => reject(options.signal?.reason), { once: true });
    for (const [at, thread] of threads.entries()) {
      thread.once('error', reject);
      thread.on('message', (said: RivalSays) => {
        if ('progress' in said) {
          latest[at] = said.progress;
          options.onProgress?.(sum(latest));
        } else {
          const verdict = standing.after(rivals[at] as Rival, said);
          if (verdict) resolve(verdict);
        }
      });
    }
  });
}

/** What the threads have come to so far. */
class Standing {
  readonly #stopsAtFirst: boolean;
  readonly #mostExecutions: number;
  readonly #threads: readonly Worker[];
  readonly #come: { [rival in Rival]?: Come } = {};
  /** In their order. */
  readonly #parts: PartCome[] = [];
  #wanted = 0;

  constructor({ stopAt, executions = DEFAULT_EXECUTIONS }: ParallelOptions, threads: readonly Worker[]) {
    this.#stopsAtFirst = stopAt !== 'never';
    this.#mostExecutions = executions;
    this.#threads = threads;
  }

  /** Tells the threads what they must know of what one has said. Returns the verdict, once there is one. */
  after(rival: Rival, said: Exclude<RivalSays, { progress: Progress }>): Exploration | undefined {
    if ('parts' in said) {
      this.#wanted = said.parts.length;
      this.#say(said);
    } else if ('part' in said) this.#notePart(said);
    else {
      this.#come[rival] = said;
      // What DPOR finds is a counterexample, but the graph knows the least.
      if (rival === 'dpor' && said.found.verdict === 'violated' && this.#stopsAtFirst) this.#say('violated');
    }
    return verdictOf(this.#come, turns, this.#stopsAtFirst);
  }

  #notePart(said: PartCome): void {
    const parts = this.#parts;
    parts.push(said);
    parts.sort((one, other) => one.part - other.part);
    const found = proofOf(parts, this.#mostExecutions);
    const turn = parts.reduce((total, each) => total + each.turn, 0);
    if (!found) this.#say('no parts');
    else if (parts.length === this.#wanted) this.#come.dpor = { found, turn };
  }

  #say(said: MainSays): void {
    for (const thread of this.#threads) thread.postMessage(said);
  }
}

function sum(all: readonly Progress[]): Progress {
  return {
    steps: all.reduce((total, { steps }) => total + steps, 0),
    states: Math.max(...all.map(({ states }) => states)),
    executions: all.reduce((total, { executions }) => total + executions, 0),
    estimate: all.map(({ estimate }) => estimate).find((each) => each !== undefined),
  };
}
