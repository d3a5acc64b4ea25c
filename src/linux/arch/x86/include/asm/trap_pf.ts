/** What the CPU says of a page fault: its error code. Source: arch/x86/include/asm/trap_pf.h, v5.14; only what is used. */

/** There is an entry, and it forbids the access; else there is none. */
export const X86_PF_PROT = 0x1;
export const X86_PF_WRITE = 0x2;
/** A program did it, and not the kernel. */
export const X86_PF_USER = 0x4;
