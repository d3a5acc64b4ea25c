/** The page of zeros that all read-only anonymous memory shares. Models mm/memory.c and include/linux/pgtable.h, v6.1. */

/** Its frame. */
export const zero_pfn = 0x80;
export const is_zero_pfn = (pfn: number): boolean => pfn === zero_pfn;
