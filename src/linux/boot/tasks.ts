/** Declares the tasks of a world, and what of theirs is made to fail. */

import { cell, rwlock } from '#explore';
import type { Foreseen } from '../deeds/index.ts';
import { deedsOf, type FailDescription, type WorldDescription } from '../description.ts';
import type { vfio_pci_core_device } from '../drivers/vfio/pci/vfio_pci_core.ts';
import type { AccessEnd, FailingAllocations, task_struct } from '../include/linux/sched.ts';
import type { Machine } from '../machine.ts';

export function bootTasks(
  { tasks, fail = {} }: WorldDescription,
  devices: readonly vfio_pci_core_device[],
  foreseen: readonly Foreseen[],
  processes: Machine['processes'],
): Machine['tasks'] {
  const isFreedByRcu = Object.values(processes).some(({ mm_lock_seq }) => mm_lock_seq !== null);
  const rcu = isFreedByRcu ? rwlock('rcu') : null;
  const killed = foreseen.flatMap(({ kills = [] }) => kills);
  const bars = devices.flatMap(({ pdev }) => pdev.bars);
  const boot = (comm: string): task_struct => {
    const { allocations, remapAtPage } = fail[comm] ?? {};
    return {
      comm,
      failingAllocations: failures(comm, allocations),
      refusedFrames: remapAtPage === undefined ? [] : bars.map((bar) => bar.pfn + remapAtPage),
      ended: deedsOf(tasks[comm] ?? []).length > 1 ? cell<AccessEnd | null>(null, `pending signal of ${comm}`) : null,
      rcu,
      killed: killed.includes(comm) ? cell(false, `fatal signal of ${comm}`) : null,
    };
  };
  return Object.fromEntries(Object.keys(tasks).map((comm) => [comm, boot(comm)]));
}

function failures(comm: string, which: FailDescription['allocations']): FailingAllocations | null {
  if (!which) return null;
  return { which, made: which === 'all' ? null : cell(0, `allocations of ${comm}`) };
}
