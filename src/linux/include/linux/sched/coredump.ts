/** Flags of an address space. Source: include/linux/sched/coredump.h, v6.12; only what is used. */

/** The program wants no huge pages at all (prctl PR_SET_THP_DISABLE). There it is the bit's number. */
export const MMF_DISABLE_THP = 1 << 24;
