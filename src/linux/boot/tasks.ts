/** Declares the tasks of a world, and what of theirs is made to fail. */

import { cell } from '#explore';
import { deedsOf, type FailDescription, type WorldDescription } from '../description.ts';
import type { vfio_pci_core_device } from '../drivers/vfio/pci/vfio_pci_core.ts';
import type { Ram } from '../include/linux/mm_types.ts';
import type { AccessEnd, FailingAllocations, task_struct } from '../include/linux/sched.ts';
import type { Machine } from '../machine.ts';

export function bootTasks(
  { tasks, fail = {} }: WorldDescription,
  devices: readonly vfio_pci_core_device[],
  ram: Ram | null,
): Machine['tasks'] {
  const bars = devices.flatMap(({ pdev }) => pdev.bars);
  const boot = (comm: string, cpu: number): task_struct => {
    const { allocations, remapAtPage } = fail[comm] ?? {};
    return {
      comm,
      cpu,
      failingAllocations: failures(comm, allocations),
      frames: ram?.frames[comm] ?? null,
      refusedFrames: remapAtPage === undefined ? [] : bars.map((bar) => bar.pfn + remapAtPage),
      ended: deedsOf(tasks[comm] ?? []).length > 1 ? cell<AccessEnd | null>(null, `pending signal of ${comm}`) : null,
    };
  };
  return Object.fromEntries(Object.keys(tasks).map((comm, cpu) => [comm, boot(comm, cpu)]));
}

function failures(comm: string, which: FailDescription['allocations']): FailingAllocations | null {
  if (!which) return null;
  return { which, made: which === 'all' ? null : cell(0, `allocations of ${comm}`) };
}
