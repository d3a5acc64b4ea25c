/** Which frames a task may map. Models arch/x86/mm/mmap.c, v5.14. */

import { get_current } from '../include/asm/current.ts';

/** Whether the running task may map the frame. Linux refuses what would open the L1TF hole; here the world says which (`fail: { A: { remapAtPage } }`). */
export function pfn_modify_allowed(pfn: number): boolean {
  return !get_current()?.refusedFrames.includes(pfn);
}
