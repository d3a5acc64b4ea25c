/** The learner's best way through each puzzle, kept in this browser: `{ [puzzle]: { schedule, score } }`. No progress hangs on it. */

import { scheduledKey } from '../keys.ts';
import type { Score } from './game.ts';

export interface Best {
  readonly schedule: string;
  readonly score: Score;
}

const unsaved = new Map<string, Best>();

export function bestOf(puzzle: string): Best | undefined {
  return unsaved.get(puzzle) ?? asBest(stored()[puzzle]);
}

/** Where storage is forbidden or full, it lasts as long as the page. */
export function keepBest(puzzle: string, best: Best): void {
  try {
    localStorage.setItem(scheduledKey, JSON.stringify({ ...stored(), [puzzle]: best }));
    unsaved.delete(puzzle);
  } catch {
    unsaved.set(puzzle, best);
  }
}

function stored(): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(scheduledKey) ?? '{}');
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

/** Anyone may have written it. */
function asBest(value: unknown): Best | undefined {
  if (!isRecord(value) || typeof value.schedule !== 'string' || !isRecord(value.score)) return undefined;
  const { preemptions, switches, steps } = value.score;
  if (![preemptions, switches, steps].every(Number.isSafeInteger)) return undefined;
  return { schedule: value.schedule, score: { preemptions, switches, steps } as Score };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
