import type { Gauged } from '#course/gauge/gauged';
import { address } from '../links.ts';

let known: Promise<readonly Gauged[]> | undefined;

/** The exercises that codes are about, fetched once. Rejects where they cannot be had; the next call tries again. */
export function gaugedCourse(): Promise<readonly Gauged[]> {
  known ??= fetch(address('/workshop/room.json')).then((answer) => {
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    return answer.json();
  });
  known.catch(() => {
    known = undefined;
  });
  return known;
}
