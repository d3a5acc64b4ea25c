/** One worker thread, and the watch over it: it is ended when it shows no progress, or takes too much memory. */

import { Worker } from 'node:worker_threads';
import { Keeper } from '../keeper.ts';
import type { OwnExploration } from '../own-exploration.ts';
import type { ExpectRequest, GradeRequest, GraderMessage, Replayed, StopRequest } from '../protocol.ts';
import { say } from '../texts.ts';
import type { Message, Verdict } from '../verdict.ts';
import type { GradeOptions } from './grade.ts';

// Seconds without progress. A slice of a search takes a tenth of one; a slow machine, with others at work, may take many.
const PATIENCE = 10;
// A thread that has yet to be loaded, on a busy machine, shows none for a while.
const PATIENCE_AT_START = 60;
const TICK = 100;

/** What a worker says last. */
const LAST = ['verdict', 'replayed', 'refused', 'explored'];

/** How a run ended, where its worker did not say so itself. */
interface Ended {
  readonly status: 'hung' | 'not run';
  readonly message: Message;
}

export class Thread {
  readonly #worker: Worker;
  /** What went wrong before there was anything to do. */
  #failure: Error | undefined;

  readonly #megabytes: number;

  constructor(root: string, megabytes: number) {
    this.#megabytes = megabytes;
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: { root },
      execArgv: ['--no-warnings'],
      resourceLimits: { maxOldGenerationSizeMb: megabytes },
      stdout: true, // what a submission prints, it prints once for each of thousands of interleavings
      stderr: true,
    });
    this.#worker.unref();
    this.#worker.on('error', (error) => {
      this.#failure = error as Error;
    });
  }

  /** Has it rehearse this, until there is something to do. Once. */
  expect(expect: ExpectRequest['expect']): void {
    this.#worker.postMessage({ expect } satisfies ExpectRequest);
  }

  async grade(request: GradeRequest, options: GradeOptions = {}): Promise<Verdict> {
    const keeper = new Keeper(request);
    const end = await this.#run(request, keeper, options);
    if ('verdict' in end) return end.verdict;
    if ('status' in end) return keeper.stopped(end.status, end.message);
    throw new Error('the worker answered something else than it was asked');
  }

  async replay(request: GradeRequest, options: GradeOptions = {}): Promise<Replayed> {
    const end = await this.#run(request, new Keeper(request), options);
    if ('replayed' in end) return end.replayed;
    throw new Error('refused' in end ? end.refused : 'message' in end ? end.message.text : 'no replay');
  }

  /** Aborted, the search is asked for what it knows by then. */
  async explore(request: GradeRequest, { signal, ...options }: GradeOptions = {}): Promise<OwnExploration> {
    const stop = () => this.#worker.postMessage({ stop: true } satisfies StopRequest);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const end = await this.#run(request, new Keeper(request), options);
      if ('explored' in end) return end.explored;
      throw new Error('message' in end ? end.message.text : 'the worker answered something else than it was asked');
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  /** Ends the thread, whatever it does. */
  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  /** Runs one request to its end: what the worker says last, or why it was ended. Throws what is wrong with the course. */
  async #run(request: GradeRequest, keeper: Keeper, options: GradeOptions): Promise<GraderMessage | Ended> {
    const worker = this.#worker;
    const { promise, resolve, reject } = Promise.withResolvers<GraderMessage | Ended>();
    const tooMuch = { status: 'hung', message: say('out of memory', { megabytes: this.#megabytes }) } as const;
    const watch = watchOver(resolve, options, this.#megabytes, tooMuch);
    const { signal } = options;
    const abort = () => resolve({ status: 'not run', message: say('stopped') });
    worker.on('message', (message: GraderMessage) => {
      watch.moved();
      keeper.hear(message);
      if ('crashed' in message) reject(new Error(message.crashed));
      else if (LAST.some((last) => last in message)) resolve(message);
      else options.onProgress?.(keeper.progress);
    });
    const died = () =>
      resolve(isOutOfMemory(this.#failure) ? tooMuch : { status: 'hung', message: say('worker died') });
    worker.on('error', died).on('exit', died);
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted) abort();
    if (this.#failure) died();
    worker.ref();
    worker.postMessage(request);
    try {
      return await promise;
    } finally {
      watch.end();
      signal?.removeEventListener('abort', abort);
    }
  }
}

const isOutOfMemory = (failure: Error | undefined) =>
  failure !== undefined && 'code' in failure && failure.code === 'ERR_WORKER_OUT_OF_MEMORY';

/** Calls `stop` when `moved` has not been called for too long, or when this process has grown too much. */
function watchOver(
  stop: (ended: Ended) => void,
  { patience = PATIENCE }: GradeOptions,
  megabytes: number,
  tooMuch: Ended,
) {
  const atStart = resident();
  let last = performance.now() + PATIENCE_AT_START * 1000;
  let before = atStart;
  const timer = setInterval(() => {
    const seconds = (performance.now() - last) / 1000;
    const now = resident();
    // The heap has a limit of its own; what lies outside of it, as buffers do, only shows here.
    if (now - atStart > megabytes * ROOM) stop(tooMuch);
    else if (seconds > patience) stop(silent(patience, now - before, megabytes));
  }, TICK);
  return {
    moved() {
      last = performance.now();
      before = resident();
    },
    end: () => clearInterval(timer),
  };
}

// A heap that is full to its limit has the process grow by a little more.
const ROOM = 1.25;
// Of what it may have: who took so much while nothing else moved is ended for that, and would have been a little later.
const MUCH = 1 / 8;

/** Why a run was ended in which nothing moved. */
function silent(seconds: number, grown: number, megabytes: number): Ended {
  const hasGrown = grown > megabytes * MUCH;
  return {
    status: 'hung',
    message: hasGrown ? say('grows and grows', { seconds, megabytes: Math.round(grown) }) : say('hung', { seconds }),
  };
}

/** Megabytes of this process, with all its threads. */
const resident = () => process.memoryUsage.rss() / 2 ** 20;
