import { learners } from '#course/gauge/code';
import { learnerKey } from '../keys.ts';

/** Where the browser keeps nothing, as long as the page. */
const unkept = new Map<string, number>();

/** The number by which a room tells this learner from others: of this tab and this exercise alone, drawn at random. */
export function whoIn(exercise: string): number {
  const kept = keptOf(exercise);
  if (kept !== undefined) return kept;
  const [drawn = 0] = crypto.getRandomValues(new Uint16Array(1));
  const who = drawn % learners;
  unkept.set(exercise, who);
  try {
    sessionStorage.setItem(learnerKey(exercise), String(who));
  } catch {
    // Kept as long as the page.
  }
  return who;
}

function keptOf(exercise: string): number | undefined {
  try {
    const kept = sessionStorage.getItem(learnerKey(exercise));
    if (kept !== null && /^\d{1,5}$/.test(kept) && Number(kept) < learners) return Number(kept);
  } catch {
    // The browser keeps nothing.
  }
  return unkept.get(exercise);
}
