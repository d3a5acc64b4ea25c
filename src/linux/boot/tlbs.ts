/** Declares the TLBs of a world that has them: one for each CPU whose program touches memory. */

import { cell } from '#explore';
import type { Cached, Tlb } from '../arch/x86/mm/tlb.ts';
import { processOf } from '../deeds/index.ts';
import { deedsOf, type WorldDescription } from '../description.ts';
import type { PageToMap } from '../pageTables.ts';

/** What the CPUs keep of that process's address space. */
export function bootTlbs(process: string, pages: readonly PageToMap[], world: WorldDescription): readonly Tlb[] | null {
  if (world.tlb !== 'modelled') return null;
  const isIn = (name: string) => deedsOf(world.tasks[name] ?? []).some((deed) => processOf(deed, world) === process);
  return Object.keys(world.tasks).flatMap((task, cpu) => {
    if (!isIn(task)) return [];
    const entries = pages.map(
      ({ vma, page, address }) => [address, cell<Cached>(0, `${vma}[${page}] in ${task}'s TLB`)] as const,
    );
    return [{ task, cpu, entries: Object.fromEntries(entries) }];
  });
}
