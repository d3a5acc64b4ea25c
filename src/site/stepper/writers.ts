/** Who wrote what stands in the page tables. Worked out from what one step after the other leaves behind. */

import type { Trace } from '#explore';
import { entriesOf } from './page-table.ts';
import type { Writer } from './picture.ts';

/** By `entryKey`: of the entries that have changed in the first steps, who changed each last. */
export function writersBy({ picture, steps }: Trace, taken: number): ReadonlyMap<string, Writer> {
  const writers = new Map<string, Writer>();
  let before = entriesOf(picture);
  for (const [at, { task, picture: next }] of steps.slice(0, taken).entries()) {
    const now = entriesOf(next);
    for (const [key, text] of now)
      if (before.has(key) && before.get(key) !== text) writers.set(key, { task, step: at + 1 });
    before = now;
  }
  return writers;
}
