/** What a CPU does by itself when a program touches memory: it walks the page table, faults, and tries again. */

import { again, readAs } from '#explore';
import { pte_present } from './arch/x86/include/asm/pgtable.ts';
import { exc_page_fault } from './arch/x86/mm/fault.ts';
import type { mm_struct } from './include/linux/mm_types.ts';
import { decodesMemory, type pci_dev, stateOnAccess } from './include/linux/pci.ts';
import type { AccessEnd } from './include/linux/sched.ts';
import type { Kernel } from './kernel.ts';
import { isAbsent, pathTo } from './mm/memory/tables.ts';

/** What a program touches. */
export interface Place {
  readonly mm: mm_struct;
  readonly address: number;
  readonly isWrite: boolean;
  /** The device behind it. */
  readonly pdev: pci_dev;
}

/**
 * A program's load or store, tried until it goes through or a signal ends the task. A body of its own: it starts over after each fault.
 * Returns how it ended. To touch a device whose memory is off ends the task too: on such a platform that is fatal.
 */
export function* userAccess(place: Place): Kernel<AccessEnd> {
  const end = (yield* walk(place)) ? yield* reachDevice(place) : yield* exc_page_fault(place);
  return end ?? (yield* again());
}

/** Whether the table has an entry for the address that the CPU can go through: one read for each level that can change. */
export function* walk({ mm, address }: Place): Kernel<boolean> {
  const path = pathTo(mm, address);
  if (!path) return false;
  for (const upper of [path.pgd, path.pud, path.pmd]) if (yield* isAbsent(upper, 'walk')) return false;
  return yield* readAs(path.pte, pte_present, 'walk');
}

/**
 * The access itself. Returns null if the entry went away meanwhile: a zap waits for the CPUs that still use what it takes.
 * So a disabled device is touched only where the entry is still there, and nobody has switched the device in between.
 */
function* reachDevice(place: Place): Kernel<AccessEnd | null> {
  const state = yield* stateOnAccess(place.pdev);
  if (decodesMemory(state)) return 'mapped';
  if (!place.pdev.isSteady && !((yield* walk(place)) && (yield* stateOnAccess(place.pdev)) === state)) return null;
  return 'touched disabled device';
}
