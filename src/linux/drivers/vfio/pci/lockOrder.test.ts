/** Bugs of lock order: B7 and B8 of section 4 of the facts. */

import { describe, expect, test } from 'vitest';
import { explore, replay, set } from '#explore';
import { X86_PF_USER } from '../../../arch/x86/include/asm/trap_pf.ts';
import { exc_page_fault } from '../../../arch/x86/mm/fault.ts';
import { disableMemory, fault, munmap, readBar, writeBar } from '../../../deeds/index.ts';
import type { vm_fault } from '../../../include/linux/mm.ts';
import { VM_FAULT_SIGBUS, type vm_area_struct, type vm_fault_t } from '../../../include/linux/mm_types.ts';
import { mmap_read_lock, mmap_read_unlock } from '../../../include/linux/mmap_lock.ts';
import { PCI_COMMAND } from '../../../include/linux/pci.ts';
import { down_read, down_write, up_read, up_write } from '../../../kernel/locking/rwsem.ts';
import type { Kernel } from '../../../kernel.ts';
import type { Machine } from '../../../machine.ts';
import { vmf_insert_pfn, zap_vma_ptes } from '../../../mm/memory.ts';
import { __vm_munmap, find_vma } from '../../../mm/mmap.ts';
import { type Codes, kindsOf, oneVma, outcomesOf, programOf } from '../../../testing.ts';
import { simulate } from '../../../world.ts';
import { generations } from './generations/index.ts';
import { __vfio_pci_memory_enabled } from './vfio_pci_core.ts';

const one = { ...oneVma, bars: { bar0: 1 } };
const v = ({ vmas }: Machine) => vmas.v as vm_area_struct;

/** Maps the page with memory_lock in hand, and keeps no list. */
function* insertUnderGate({ vma, address, pgoff }: vm_fault): Kernel<vm_fault_t> {
  const vdev = vma.vm_private_data;
  yield* down_read(vdev.memory_lock);
  const isOn = yield* __vfio_pci_memory_enabled(vdev);
  const ret = isOn ? yield* vmf_insert_pfn(vma, address, pgoff) : VM_FAULT_SIGBUS;
  yield* up_read(vdev.memory_lock);
  return ret;
}
const ungated = { ...generations.v5_14, vm_ops: { fault: insertUnderGate } };

describe('B7: memory_lock, then mmap_lock', () => {
  const faulting = (machine: Machine) =>
    exc_page_fault({ mm: v(machine).vm_mm, address: v(machine).vm_start, error_code: X86_PF_USER });
  const unmapping = (machine: Machine) =>
    __vm_munmap(v(machine).vm_mm, v(machine).vm_start, v(machine).vm_end - v(machine).vm_start);
  /** Closes the gate, and only then takes mmap_lock to zap: a fault takes them the other way round. */
  function* gateThenMmapLock(machine: Machine): Kernel {
    const { vdev } = machine;
    const { vm_mm: mm, vm_start } = v(machine);
    yield* down_write(vdev.memory_lock);
    yield* mmap_read_lock(mm);
    const vma = yield* find_vma(mm, vm_start);
    if (vma) yield* zap_vma_ptes(vma, vma.vm_start, vma.vm_end - vma.vm_start);
    yield* mmap_read_unlock(mm);
    yield* set(vdev.vconfig[PCI_COMMAND], 0);
    yield* up_write(vdev.memory_lock);
  }
  const wrongIn = (codes: Codes) =>
    kindsOf(explore(programOf(codes, one, undefined, ungated), { stopAt: 'never' })).map((each) => each.split(':')[0]);

  test('two readers of mmap_lock do not stop each other', () => {
    expect(wrongIn({ A: faulting, Z: gateThenMmapLock })).toEqual([]);
  });
  test('a writer queued between them does: deadlock', () => {
    expect(wrongIn({ A: faulting, Z: gateThenMmapLock, M: unmapping })).toEqual(['deadlock']);
  });
  test('mmap_lock, then vma_lock, then memory_lock: none', () => {
    const tasks = { A: fault('v', 0), Z: disableMemory(), M: munmap('v') };
    const found = explore(simulate({ ...one, tasks }, generations.v5_14, { rules: ['live mapping'] }), {
      stopAt: 'never',
    });
    expect([found.verdict, ...kindsOf(found)]).toEqual(['holds']);
  });
});

describe('B8: a buffer that is itself a mapping of the BAR', () => {
  const buffer = { vma: 'v', page: 0 };
  /** Until v5.8 memory_lock is held over register and copy; since commit bc93b9ae0151 for the register alone. */
  const endsOf = (deed: typeof readBar, kernel: string) => {
    const world = { ...one, kernel, tasks: { R: deed('bar0', 0, undefined, buffer), Z: disableMemory() } };
    return outcomesOf(world, generations.v5_14).map((each) =>
      each.replace(/, Z.*/, '').replace(/deadlock:.*/, 'deadlock'),
    );
  };
  test.each([
    ['read()', readBar],
    ['write()', writeBar],
  ] as const)('%s: the copy faults under memory_lock: the second one waits behind the writer', (_name, deed) => {
    expect(endsOf(deed, '5.8')).toContain('deadlock');
  });
  test('read(): the copy comes after memory_lock: none; one that comes too late is -EFAULT', () => {
    expect(endsOf(readBar, '5.9')).toEqual(['R -EFAULT', 'R -EIO', 'R the device answered']);
  });
  test('write(): the copy comes before memory_lock: likewise', () => {
    expect(endsOf(writeBar, '5.9')).toEqual(['R -EFAULT', 'R -EIO', 'R the device answered']);
  });
  test('the copy maps the page', () => {
    const tasks = { R: readBar('bar0', 1, undefined, buffer) };
    const { steps } = replay(simulate({ ...oneVma, tasks }, generations.v6_10), '');
    expect(steps.map(({ operation }) => operation.replace(/, .*/, ')'))).toContain('set_pte_at(v[0])');
    const large = { ...oneVma, bars: { bar0: { pages: 1024 } } };
    const far = { R: readBar('bar0', 1, undefined, { vma: 'v', page: 700 }) };
    expect(outcomesOf({ ...large, tasks: far }, generations.v6_10)).toEqual(['R the device answered']);
  });
});
