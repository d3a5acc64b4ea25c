/** Letting go of pages. Models put_page() of include/linux/mm.h and mm/swap.c, v5.14. */

import { free, readAs, update } from '#explore';
import { BUG_ON } from '../include/asm-generic/bug.ts';
import type { page } from '../include/linux/mm_types.ts';
import type { Kernel } from '../kernel.ts';

/** One reason more to keep the page. Locks: whatever keeps it from being freed meanwhile. BUGs if it is free already. */
export function* get_page(page: page): Kernel {
  const before = yield* update(page._refcount, (count) => (count > 0 ? count + 1 : count), 'get_page');
  yield* BUG_ON(before === 0, `VM_BUG_ON_PAGE: get_page (include/linux/mm.h) of ${page.name}, which is free`);
}

/** One reason less: with the last one the page is freed. BUGs if it is free already. */
export function* put_page(page: page): Kernel {
  const before = yield* update(page._refcount, (count) => Math.max(count - 1, 0), 'put_page');
  yield* BUG_ON(before === 0, `VM_BUG_ON_PAGE: put_page (include/linux/mm.h) of ${page.name}, which is free`);
  if (before === 1) yield* free(page, '__free_page');
}

/** Whether the caller has the only reason to keep it. Locks: ptl of an entry that maps it. */
export function* isOnlyUser(page: page): Kernel<boolean> {
  return yield* readAs(page._refcount, (count) => count === 1, 'page_count');
}
