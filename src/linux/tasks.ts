/** What the tasks of a world do: plain data for its description, and the code that they stand for. */

import { type Body, get, set } from '#explore';
import { asTask } from './arch/x86/include/asm/current.ts';
import { PAGE_SIZE } from './arch/x86/include/asm/page_types.ts';
import { userAccess } from './cpu.ts';
import { vfio_basic_config_write } from './drivers/vfio/pci/vfio_pci_config.ts';
import type { vm_area_struct } from './include/linux/mm_types.ts';
import { PCI_COMMAND_MEMORY } from './include/linux/pci.ts';
import type { AccessEnd, task_struct } from './include/linux/sched.ts';
import type { Kernel } from './kernel.ts';
import type { Machine } from './machine.ts';
import { __vm_munmap } from './mm/mmap.ts';

/** One thing that a task does. Made by `fault`, `write`, `munmap`, `disableMemory`, `enableMemory`. */
export type Deed =
  | { readonly kind: 'fault' | 'write'; readonly vma: string; readonly page: number }
  | { readonly kind: 'munmap'; readonly vma: string }
  | { readonly kind: 'disableMemory' | 'enableMemory' };

/** The task's program reads from a page of the vma; without an entry for it, it faults. */
export function fault(vma: string, page: number): Deed {
  return { kind: 'fault', vma, page };
}

/** The task's program writes to a page of the vma; without an entry for it, it faults. */
export function write(vma: string, page: number): Deed {
  return { kind: 'write', vma, page };
}

/** The task unmaps the whole vma. */
export function munmap(vma: string): Deed {
  return { kind: 'munmap', vma };
}

/** The task clears the memory bit of the device's command register, through vfio-pci. */
export function disableMemory(): Deed {
  return { kind: 'disableMemory' };
}

/** The task sets the memory bit of the device's command register, through vfio-pci. */
export function enableMemory(): Deed {
  return { kind: 'enableMemory' };
}

/** A deed as programs and messages name it. */
export function describeDeed(deed: Deed): string {
  if (deed.kind === 'fault' || deed.kind === 'write') return `${deed.kind}(${deed.vma}, ${deed.page})`;
  return 'vma' in deed ? `${deed.kind}(${deed.vma})` : `${deed.kind}()`;
}

/**
 * The bodies of a task that does these things, one after another. A signal ends the task: its later bodies do nothing. The memory of it
 * has no line in traces: it is the world's, not the program's.
 */
export function bodiesOf(task: task_struct, deeds: readonly Deed[], machine: Machine): Body[] {
  return deeds.map((deed) => asTask(task, () => doIfAlive(task, () => codeOf(deed, machine))));
}

function* doIfAlive({ ended }: task_struct, code: () => Kernel<string>): Kernel<string> {
  if (!ended) return yield* code();
  const before = yield* get(ended, '');
  if (before) return before;
  const end = yield* code();
  if (isFatal(end)) yield* set(ended, end, '');
  return end;
}

const isFatal = (end: string): end is AccessEnd =>
  end === 'SIGBUS' || end === 'SIGSEGV' || end === 'touched disabled device';

/** What a deed runs. Returns the words that `outcome` says of it. */
function codeOf(deed: Deed, machine: Machine): Kernel<string> {
  switch (deed.kind) {
    case 'munmap':
      return unmapping(machine.vmas[deed.vma] as vm_area_struct);
    case 'disableMemory':
      return switching(machine, 0);
    case 'enableMemory':
      return switching(machine, PCI_COMMAND_MEMORY);
    default:
      return touching(machine, deed);
  }
}

function touching(machine: Machine, { kind, vma, page }: Extract<Deed, { page: number }>): Kernel<string> {
  const { vm_mm: mm, vm_start } = machine.vmas[vma] as vm_area_struct;
  return userAccess({ mm, address: vm_start + page * PAGE_SIZE, isWrite: kind === 'write', pdev: machine.vdev.pdev });
}

function* unmapping(vma: vm_area_struct): Kernel<string> {
  yield* __vm_munmap(vma);
  return 'unmapped';
}

function* switching(machine: Machine, command: number): Kernel<string> {
  yield* vfio_basic_config_write(machine.vdev, machine.driver, command);
  return command ? 'enabled memory' : 'disabled memory';
}
