/** Which frames a task may map. Models arch/x86/mm/mmap.c, v5.14. */

import { remark } from '#explore';
import type { Kernel } from '../../../kernel.ts';
import { get_current } from '../include/asm/current.ts';

/** Whether the running task may map the frame. Linux refuses what would open the L1TF hole; here the world says which (`fail: { A: { remapAtPage } }`). */
export function* pfn_modify_allowed(pfn: number): Kernel<boolean> {
  if (!get_current()?.refusedFrames.includes(pfn)) return true;
  yield* remark(`frame 0x${pfn.toString(16)} may not be mapped (injected failure)`);
  return false;
}
