/** Declares the virtual machines of a world in which a task runs a guest. */

import { cell, spinlock } from '#explore';
import type { Foreseen } from '../deeds/index.ts';
import { deedsOf, type WorldDescription } from '../description.ts';
import type { PageToMap } from '../pageTables.ts';
import type { kvm } from '../virt/kvm/kvm_main.ts';

/** The process's machine, of all its pages; null if it runs no guest. */
export function bootGuest(
  process: string,
  of: string,
  pages: readonly PageToMap[],
  { description, foreseen }: { readonly description: WorldDescription; readonly foreseen: readonly Foreseen[] },
): kvm | null {
  if (!foreseen.some(({ guestOf }) => guestOf === process)) return null;
  const vcpus = Object.entries(description.tasks).filter(([, task]) =>
    deedsOf(task).some(({ kind }) => kind === 'guestAccess'),
  );
  return {
    mmu_lock: spinlock(`mmu_lock${of}`),
    entries: Object.fromEntries(pages.map(({ vma, page, address }) => [address, cell(0, `guest ${vma}[${page}]`)])),
    mmu_invalidate_in_progress: cell(0, `mmu_invalidate_in_progress${of}`),
    mmu_invalidate_seq: Object.fromEntries(
      vcpus.map(([name]) => [name, cell(false, `mmu_invalidate_seq as ${name} sees it`)]),
    ),
  };
}
