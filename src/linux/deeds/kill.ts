/** Ending another task. */

import { type Cell, write } from '#explore';

import { known } from '../words.ts';
import type { DeedKind } from './deed.ts';

export interface Kill {
  readonly kind: 'kill';
  readonly task: string;
}

/** The task sends SIGKILL to another one, which dies when it is next about to run its program. */
export function kill(task: string): Kill {
  return { kind: 'kill', task };
}

export const killing: DeedKind<Kill> = {
  example: "kill('A')",
  describe: ({ task }) => `kill(${task})`,
  check: ({ task }, where, { tasks }) => void known(task, tasks, `${where}, kill`, 'task'),
  foresee: ({ task }) => ({ kills: [task] }),
  *run({ task }, { tasks }) {
    yield* write(tasks[task]?.killed as Cell<boolean>, true, 'send_sig');
    return `killed ${task}`;
  },
};
