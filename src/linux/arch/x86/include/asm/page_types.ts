/** Pages of 4 KiB. Source: arch/x86/include/asm/page_types.h, v5.14. */

export const PAGE_SHIFT = 12;
export const PAGE_SIZE = 1 << PAGE_SHIFT;
/** Clears the offset in the page. For addresses below 2^31. */
export const PAGE_MASK = ~(PAGE_SIZE - 1);

/** The size in whole pages. Models PAGE_ALIGN() of include/linux/mm.h. */
export function PAGE_ALIGN(size: number): number {
  return Math.ceil(size / PAGE_SIZE) * PAGE_SIZE;
}
