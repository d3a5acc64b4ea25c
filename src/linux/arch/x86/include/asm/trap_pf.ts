/** What the CPU says of an access that faults. Source: arch/x86/include/asm/trap_pf.h, v6.1; only what is used. */

/** There is an entry, and it forbids the access. */
export const X86_PF_PROT = 0x01;
export const X86_PF_WRITE = 0x02;
/** In user mode. */
export const X86_PF_USER = 0x04;
export const X86_PF_INSTR = 0x10;
