import { updateProgress } from '#course/node/progress-file';
import { graded, type Progress } from '#course/progress';
import type { Verdict } from '#grade/verdict';
import type { Desk } from './desk.ts';

/** Progress after a verdict, and what the learner must be told of the file that holds it. */
export interface Remembered {
  readonly progress: Progress;
  readonly notice?: string;
}

/** Writes what the learner's own file came to. What does not compile is no attempt: nothing is written. */
export async function remember(desk: Desk, exercise: string, verdict: Verdict): Promise<Remembered | undefined> {
  if (verdict.outcome === 'broken') return undefined;
  const change = (progress: Progress) => graded(progress, exercise, verdict, desk.now());
  const { progress, warning } = await updateProgress(desk.my, change);
  return warning === undefined ? { progress } : { progress, notice: warning };
}
