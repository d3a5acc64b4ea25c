/** Frames of RAM. Models mm/page_alloc.c, v5.14. */

import { getAs, remark, set } from '#explore';
import { get_current } from '../arch/x86/include/asm/current.ts';
import type { page } from '../include/linux/mm_types.ts';
import type { Kernel } from '../kernel.ts';
import { should_fail_alloc_page } from './failslab.ts';

/**
 * A frame of the running task's, with one reference, which is the caller's, and nothing in it.
 * Returns null where the world makes the allocation fail, and where the task has had all its frames: none is used twice, so that whoever
 * still leads to a freed one is found. Locks: may sleep, so no spinlock.
 */
export function* alloc_page(): Kernel<page | null> {
  if (yield* should_fail_alloc_page('a page')) return null;
  const frames = get_current()?.frames;
  if (!frames) throw new Error('alloc_page: no vma of this world maps RAM, so there is none');
  const { pages, taken } = frames;
  const page = yield* getAs(taken, (count) => pages[count] ?? null, 'alloc_page');
  if (page) yield* set(taken, pages.indexOf(page) + 1, '');
  else yield* remark('no memory for a page: the task has had all its frames');
  return page;
}
