/** Making a file shorter. */

import { pagesIn } from '../description.ts';
import type { file } from '../include/linux/fs.ts';
import type { Ram } from '../include/linux/mm_types.ts';
import { truncate_setsize } from '../mm/truncate.ts';
import { known, range, refuse, show } from '../words.ts';
import type { DeedKind } from './deed.ts';

export interface Truncate {
  readonly kind: 'truncate';
  readonly file: string;
  readonly pages: number;
}

/** The task makes the file so many pages long. */
export function truncate(file: string, pages: number): Truncate {
  return { kind: 'truncate', file, pages };
}

export const truncating: DeedKind<Truncate> = {
  example: "truncate('f', 1)",
  describe: ({ file, pages }) => `truncate(${file}, ${pages})`,
  check({ file, pages }, where, { files = {} }) {
    const before = pagesIn(known(file, files, `${where}, truncate`, 'file'));
    if (!Number.isInteger(pages) || pages < 0 || pages >= before)
      refuse(`${where}, truncate(${file}, ${show(pages)}): say how many of its pages are left, ${range(before)}`);
  },
  *run({ file, pages }, { ram }) {
    const { files } = ram as Ram;
    yield* truncate_setsize((files[file] as file).f_mapping, pages);
    return 'truncated';
  },
};
