/** What the trials of a browser come to, in words. */

/** `fair`: the course can be done, but something is missing. `told`: as it is here, and nobody’s fault. */
export type State = 'good' | 'fair' | 'bad' | 'told';

export interface Answer {
  readonly state: State;
  readonly says: string;
  /** What to do about it. */
  readonly todo?: string;
}

export interface Row extends Answer {
  readonly name: string;
}

/** For the ear, and for a list without colours. */
export const stateWords: Readonly<Record<State, string>> = {
  good: 'works',
  fair: 'look at this',
  bad: 'does not work',
  told: 'to know',
};

/** Whether the browser will do, in a sentence. */
export function headlineOf(rows: readonly Row[]): string {
  const named = (state: State) => rows.filter((row) => row.state === state).map(({ name }) => name.toLowerCase());
  const [bad, fair] = [named('bad'), named('fair')];
  if (bad.length > 0) return `This browser will not do: ${bad.join(', ')}.`;
  if (fair.length > 0) return `This browser will do, but look at ${fair.join(', ')}.`;
  return 'This browser is ready.';
}

/** All of it as plain text, for whoever leads the room. `about`: where, and which browser. */
export function listOf(rows: readonly Row[], about: readonly string[]): string {
  const lines = rows.map(({ name, state, says, todo }) => `${name} (${stateWords[state]}): ${told(says, todo)}`);
  return [headlineOf(rows), ...lines, ...about].join('\n');
}

const told = (says: string, todo: string | undefined): string => (todo === undefined ? says : `${says} ${todo}`);

/** Whether grading a middling exercise in so many milliseconds is quick enough. */
export function speedAnswer(milliseconds: number): Answer {
  const seconds = (milliseconds / 1000).toFixed(1);
  const says = `An exercise of middling size is graded in ${seconds} seconds`;
  if (milliseconds <= 1000) return { state: 'good', says: `${says}: quick enough.` };
  if (milliseconds <= 5000)
    return {
      state: 'fair',
      says: `${says}: it will do, with a wait after each change.`,
      todo: 'Close other programs, plug the laptop in, and test again.',
    };
  return {
    state: 'bad',
    says: `${says}: too slow to learn with.`,
    todo: 'Close other programs, plug the laptop in, and test again. If it stays so, share a neighbour’s.',
  };
}
