/** Declares the tasks of a world, and what of theirs is made to fail. */

import { cell, rwlock } from '#explore';
import { type Foreseen, processOf } from '../deeds/index.ts';
import { deedsOf, type FailDescription, type WorldDescription } from '../description.ts';
import type { vfio_pci_core_device } from '../drivers/vfio/pci/vfio_pci_core.ts';
import type { Ram } from '../include/linux/mm_types.ts';
import type { FailingAllocations, FaultCounts, TaskEnd, task_struct } from '../include/linux/sched.ts';
import type { Machine } from '../machine.ts';

interface Surroundings {
  readonly description: WorldDescription;
  readonly devices: readonly vfio_pci_core_device[];
  readonly foreseen: readonly Foreseen[];
  readonly processes: Machine['processes'];
  readonly ram: Ram | null;
}

export function bootTasks({ description, devices, foreseen, processes, ram }: Surroundings): Machine['tasks'] {
  const { tasks, fail = {} } = description;
  const isFreedByRcu = Object.values(processes).some(({ mm_lock_seq }) => mm_lock_seq !== null);
  const rcu = isFreedByRcu ? rwlock('rcu') : null;
  const killed = foreseen.flatMap(({ kills = [] }) => kills);
  const bars = devices.flatMap(({ pdev }) => pdev.bars);
  // Of a signal that has ended it, for its later deeds.
  const needsMemory = (deeds: number) => deeds > 1 && description.signals !== 'handled';
  const boot = (comm: string, cpu: number): task_struct => {
    const deeds = deedsOf(tasks[comm] ?? []);
    const process = deeds.map((deed) => processOf(deed, description)).find((name) => name !== undefined);
    const mm = processes[process ?? ''] ?? null;
    const { allocations, remapAtPage, wakeUp = false } = fail[comm] ?? {};
    return {
      comm,
      cpu,
      mm,
      failingAllocations: failures(comm, allocations),
      frames: ram?.frames[comm] ?? null,
      refusedFrames: remapAtPage === undefined ? [] : bars.map((bar) => bar.pfn + remapAtPage),
      failsToWake: wakeUp,
      ended: needsMemory(deeds.length) || mm?.birth ? cell<TaskEnd | null>(null, `pending signal of ${comm}`) : null,
      rcu,
      killed: killed.includes(comm) ? cell(false, `fatal signal of ${comm}`) : null,
      faults: description.counts === 'faults' ? bootCounts(comm) : null,
    };
  };
  return Object.fromEntries(Object.keys(tasks).map((comm, cpu) => [comm, boot(comm, cpu)]));
}

const bootCounts = (comm: string): FaultCounts => ({
  pgfault: cell(0, `pgfault of ${comm}`),
  maj_flt: cell(0, `maj_flt of ${comm}`),
  min_flt: cell(0, `min_flt of ${comm}`),
});

function failures(comm: string, which: FailDescription['allocations']): FailingAllocations | null {
  if (!which) return null;
  return { which, made: which === 'all' ? null : cell(0, `allocations of ${comm}`) };
}
