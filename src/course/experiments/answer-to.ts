/**
 * What each prediction's answer is: computed at build time by running the engine, never typed in.
 * A lesson writes <Prediction id="two-faults" …/>; the function under that id returns the key of the right option.
 */

import { answers } from './answers.ts';

export type Answer = () => string;

/** The key of the right option. Throws, so that the build fails, if there is no such prediction or no such option. */
export function answerTo(
  id: string,
  keys: readonly string[],
  known: Readonly<Record<string, Answer>> = answers,
): string {
  const answer = known[id];
  if (!answer)
    throw new Error(
      `prediction "${id}" has no answer: add a function of that name to src/course/experiments/answers.ts`,
    );
  const repeated = keys.find((key, at) => keys.indexOf(key) !== at);
  if (repeated !== undefined) throw new Error(`prediction "${id}" has two options with the key "${repeated}"`);
  const key = answer();
  if (!keys.includes(key)) {
    throw new Error(
      `prediction "${id}": the engine answers "${key}", which is none of its options (${keys.join(', ')})`,
    );
  }
  return key;
}
