/** A fault above the lowest table, where a leaf could stand. Models mm/memory.c, v6.12. */

import { PMD_ORDER, PUD_ORDER, thp_vma_allowable_order } from '../../include/linux/huge_mm.ts';
import type { vm_fault } from '../../include/linux/mm.ts';
import { type pgd_t, VM_FAULT_FALLBACK, VM_FAULT_OOM, type vm_fault_t } from '../../include/linux/mm_types.ts';
import type { Kernel } from '../../kernel.ts';
import { lookAt, pmd_alloc } from './tables.ts';

/**
 * The pud level, and the pmd table below it. Nothing there: asks the driver. A leaf: another CPU was first. A leaf that has come while
 * the table was being made: looks again.
 * Returns VM_FAULT_FALLBACK: go on below; VM_FAULT_OOM; 0; or what the driver answers. Locks: as `handle_mm_fault`.
 */
export function* faultAtPud(vmf: vm_fault, pgd: pgd_t): Kernel<vm_fault_t> {
  const { pud, vma } = vmf;
  for (;;) {
    const found = pud.mayBeLeaf ? yield* lookAt(pud, 'pudp_get') : 'table';
    if (found === 'leaf') return 0;
    if (found === 'none' && thp_vma_allowable_order(vma, PUD_ORDER)) {
      const ret = yield* create_huge_pud(vmf);
      if (!(ret & VM_FAULT_FALLBACK)) return ret;
    }
    if (!(yield* pmd_alloc(pgd, pud))) return VM_FAULT_OOM;
    if (!pud.mayBeLeaf || (yield* lookAt(pud, 'pud_trans_unstable')) === 'table') return VM_FAULT_FALLBACK;
  }
}

/** The pmd level. Returns as `faultAtPud`, but makes no table. */
export function* faultAtPmd(vmf: vm_fault): Kernel<vm_fault_t> {
  const { pmd, vma } = vmf;
  if (!pmd.mayBeLeaf) return VM_FAULT_FALLBACK;
  const found = yield* lookAt(pmd, 'pmdp_get_lockless');
  if (found === 'leaf') return 0;
  if (found === 'table' || !thp_vma_allowable_order(vma, PMD_ORDER)) return VM_FAULT_FALLBACK;
  return yield* create_huge_pmd(vmf);
}

/** Asks the driver for a leaf of 1 GiB. Left out: anonymous memory. */
export function* create_huge_pud(vmf: vm_fault): Kernel<vm_fault_t> {
  const { huge_fault } = vmf.vma.vm_ops;
  return huge_fault ? yield* huge_fault(vmf, PUD_ORDER) : VM_FAULT_FALLBACK;
}

/** Asks the driver for a leaf of 2 MiB. Left out: anonymous memory. */
export function* create_huge_pmd(vmf: vm_fault): Kernel<vm_fault_t> {
  const { huge_fault } = vmf.vma.vm_ops;
  return huge_fault ? yield* huge_fault(vmf, PMD_ORDER) : VM_FAULT_FALLBACK;
}
