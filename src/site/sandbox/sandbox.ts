/**
 * Runs submissions, each in a worker of its own in the sandboxed frame, and believes nothing but the port of that one run.
 * One worker always stands by, so that a run does not wait for the grading script to be parsed.
 */

import { gradingScriptAddress } from 'virtual:faultline/sandbox';
import type { ExpectRequest, GradeRequest } from '#grade/protocol';
import { FrameHost, type Started } from './frame-host.ts';

/** How a run ended. Nothing in a verdict is certain yet: a submission that tries hard can forge one. */
export type Run =
  | { readonly end: 'verdict'; readonly verdict: unknown }
  /** What was asked for instead of a verdict. */
  | { readonly end: 'replayed'; readonly replayed: unknown }
  | { readonly end: 'refused'; readonly why: string }
  | { readonly end: 'hung' }
  /** Nothing in its frame answers any more: the browser has ended the frame's process. */
  | { readonly end: 'gone' }
  /** The worker died; or could not start. */
  | { readonly end: 'broken'; readonly why: string }
  /** The course itself is broken. */
  | { readonly end: 'crashed'; readonly why: string }
  | { readonly end: 'stopped' };

export interface Watch {
  readonly signal: AbortSignal;
  /** Hears all that the worker says before its verdict; as uncertain as that. */
  onMessage(message: Readonly<Record<string, unknown>>): void;
}

/** The watchdog counts its own beats, not the clock: a laptop that slept has not waited. */
const beat = 100;
/** Beats without a sign of life; the first sign may have to wait for a slow machine to parse the script. */
const patience = { first: 200, next: 50 };
export const patienceInSeconds = (patience.next * beat) / 1000;

export class Sandbox {
  static #ofPage: Promise<Sandbox | undefined> | undefined;
  readonly #gradingScript: string;
  #host: FrameHost;
  #standby: Started;
  /** Settles when the runs asked for so far are over and the next worker stands by. */
  #turn: Promise<void> = Promise.resolve();
  #expected: ExpectRequest['expect'] | undefined;

  private constructor(gradingScript: string, host: FrameHost) {
    this.#gradingScript = gradingScript;
    this.#host = host;
    this.#standby = host.start();
  }

  /** The page's: one for all its workbenches. Opens it for the first who asks, and again if it could not be opened. */
  static ofPage(): Promise<Sandbox | undefined> {
    Sandbox.#ofPage ??= Sandbox.open().catch((error) => {
      Sandbox.#ofPage = undefined;
      throw error;
    });
    return Sandbox.#ofPage;
  }

  /** Opens the frame. Returns undefined where submissions cannot be run safely. There is no other way to run them. */
  static async open(): Promise<Sandbox | undefined> {
    const response = await fetch(gradingScriptAddress);
    if (!response.ok) throw new Error(`${gradingScriptAddress}: ${response.status}`);
    const gradingScript = await response.text();
    const host = await FrameHost.open(gradingScript);
    return host && new Sandbox(gradingScript, host);
  }

  /** What is likely to be graded: whoever stands by rehearses it. */
  expect(expected: ExpectRequest['expect']): void {
    this.#expected = expected;
    this.#tellExpected();
  }

  #tellExpected(): void {
    if (this.#expected) this.#standby.port.postMessage({ expect: this.#expected } satisfies ExpectRequest);
  }

  /** Grades it in the worker that stands by, after the runs asked for before. The worker is terminated, whatever the end. */
  grade(request: GradeRequest, watch: Watch): Promise<Run> {
    const run = this.#turn.then(() => listen(this.#standby, request, watch));
    const answers = run.then(() => this.#host.stop(this.#standby));
    this.#turn = answers.then((answers) => this.#replace(answers));
    return run.then(async (run) => (run.end === 'hung' && !(await answers) ? { end: 'gone' } : run));
  }

  async #replace(answers: boolean): Promise<void> {
    if (!answers) {
      this.#host.remove();
      const host = await FrameHost.open(this.#gradingScript);
      if (!host) throw new Error('the sandboxed frame could not be opened again');
      this.#host = host;
    }
    this.#standby = this.#host.start();
    this.#tellExpected();
  }
}

/** Hands the submission over and listens until something ends the run. */
function listen({ port, broken }: Started, request: GradeRequest, { signal, onMessage }: Watch): Promise<Run> {
  return new Promise((resolve) => {
    let left = patience.first;
    const end = (run: Run) => {
      clearInterval(watchdog);
      signal.removeEventListener('abort', stop);
      port.onmessage = null; // what comes later is not this run's
      resolve(run);
    };
    const stop = () => end({ end: 'stopped' });
    const watchdog = setInterval(() => {
      left -= 1;
      if (left <= 0) end({ end: 'hung' });
    }, beat);
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop);
    broken.then((why) => end({ end: 'broken', why }));
    port.onmessage = ({ data }: MessageEvent<unknown>) => {
      left = patience.next;
      if (!isRecord(data)) return;
      if ('verdict' in data) end({ end: 'verdict', verdict: data.verdict });
      else if ('replayed' in data) end({ end: 'replayed', replayed: data.replayed });
      else if ('refused' in data) end({ end: 'refused', why: String(data.refused) });
      else if ('crashed' in data) end({ end: 'crashed', why: String(data.crashed) });
      else onMessage(data);
    };
    port.postMessage(request);
  });
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
