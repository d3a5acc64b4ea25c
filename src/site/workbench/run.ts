/** One run, from the draft's text to a verdict, whatever comes out of the sandbox. */

import type { Looked } from '#grade/explored';
import { Keeper } from '#grade/keeper';
import type { Checking, GradeRequest, Replayed } from '#grade/protocol';
import { say } from '#grade/texts';
import type { Verdict } from '#grade/verdict';
import { patienceInSeconds, type Run, type Sandbox } from '../sandbox/sandbox.ts';
import { asGraderMessage, asReplayed, asVerdict } from './verdict-form.ts';

/** In the check that runs. */
export interface Progress extends Looked {
  readonly checking?: Checking;
  /** Whole seconds since the run began. */
  readonly seconds: number;
}

/**
 * Grades; tells of the progress about once a second. Aborted without a reason: a verdict as far as it is known; aborted with
 * one: undefined, nobody waits for it. Throws where the course itself is broken.
 */
export async function gradeIn(
  sandbox: Sandbox,
  request: GradeRequest,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<Verdict | undefined> {
  const keeper = new Keeper(request);
  let seconds = 0;
  const clock = setInterval(() => {
    seconds += 1;
    onProgress({ ...keeper.progress, seconds });
  }, 1000);
  const soon = setTimeout(() => onProgress({ ...keeper.progress, seconds }), 250);
  try {
    const onMessage = (message: Readonly<Record<string, unknown>>) => {
      const known = asGraderMessage(message);
      if (known) keeper.hear(known);
    };
    return verdictOf(await sandbox.grade(request, { signal, onMessage }), keeper, signal);
  } finally {
    clearInterval(clock);
    clearTimeout(soon);
  }
}

/** Replays what the request points at. Returns why not, where it cannot be had; undefined where it was stopped. */
export async function replayIn(
  sandbox: Sandbox,
  request: GradeRequest,
  signal: AbortSignal,
): Promise<Replayed | string | undefined> {
  const run = await sandbox.grade(request, { signal, onMessage: () => undefined });
  if (run.end === 'stopped') return undefined;
  if (run.end === 'refused') return run.why;
  const replayed = run.end === 'replayed' ? asReplayed(run.replayed) : undefined;
  return replayed ?? 'the run ended without it.';
}

function verdictOf(run: Run, keeper: Keeper, signal: AbortSignal): Verdict | undefined {
  if (run.end === 'crashed') throw new Error(run.why);
  if (run.end === 'hung') return keeper.stopped('hung', say('hung', { seconds: patienceInSeconds }));
  if (run.end === 'gone') return keeper.stopped('hung', say('process gone'));
  if (run.end === 'stopped') return signal.reason === 'edited' ? undefined : keeper.stopped('not run', say('stopped'));
  // Then it is not the submission's doing.
  if (run.end === 'broken' && !keeper.hasHeard) throw new Error(run.why);
  const verdict = run.end === 'verdict' ? asVerdict(run.verdict) : undefined;
  return verdict ?? keeper.stopped('not run', say('worker died'));
}
