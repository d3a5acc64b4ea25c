import { describe, expect, test } from 'vitest';
import { replay, type Snapshot } from '#explore';
import { PAGE_SIZE } from '../../arch/x86/include/asm/page_types.ts';
import { fault, guestAccess, munmap } from '../../deeds/index.ts';
import { generations } from '../../drivers/vfio/pci/generations/index.ts';
import { VM_PFNMAP } from '../../include/linux/mm.ts';
import type { page, vm_area_struct } from '../../include/linux/mm_types.ts';
import { mmap_read_lock, mmap_read_unlock } from '../../include/linux/mmap_lock.ts';
import { vm_area_free } from '../../kernel/fork.ts';
import type { Kernel } from '../../kernel.ts';
import type { Machine } from '../../machine.ts';
import { ends, oneVma, programOf, run } from '../../testing.ts';
import { handle_mm_fault } from '../memory.ts';
import { __vm_munmap, find_vma } from '../mmap.ts';
import { vmf_insert_pfn } from './insert.ts';
import { zap_vma_ptes } from './zap.ts';

const v = ({ vmas }: Machine) => vmas.v as vm_area_struct;

function* fill(machine: Machine): Kernel {
  const { vm_start, vm_pgoff } = v(machine);
  for (const page of [0, 1]) yield* vmf_insert_pfn(v(machine), vm_start + page * PAGE_SIZE, vm_pgoff + page);
}

const table = (machine: Machine, now: Snapshot) => machine.pages.map(({ pte }) => (now.get(pte) ? '+' : '-')).join('');

/** What is left of a full table of two pages. */
const left = (from: number, pages: number, change = (vma: vm_area_struct) => vma) =>
  ends(
    {
      A: function* (machine) {
        yield* fill(machine);
        yield* zap_vma_ptes(change(v(machine)), v(machine).vm_start + from * PAGE_SIZE, pages * PAGE_SIZE);
      },
    },
    table,
  );

describe('2.8 zap_vma_ptes', () => {
  test('clears the range', () => expect(left(0, 2)).toEqual(['--']));
  test('clears a part', () => expect(left(1, 1)).toEqual(['+-']));
  test('does nothing, silently, for a range that is not all in the vma', () => {
    expect(left(0, 3)).toEqual(['++']);
    expect(left(-1, 1)).toEqual(['++']);
  });
  test('does nothing, silently, for a vma that is not VM_PFNMAP', () => {
    expect(left(0, 2, (vma) => ({ ...vma, vm_flags: vma.vm_flags & ~VM_PFNMAP }))).toEqual(['++']);
  });
  test('finds nothing to clear where there are no tables yet', () => {
    const code = (machine: Machine) => zap_vma_ptes(v(machine), v(machine).vm_start, 2 * PAGE_SIZE);
    expect(ends({ A: code }, table, { pageTables: 'on demand' })).toEqual(['--']);
  });
  test('a freed vma is used after free', () => {
    const code = function* (machine: Machine) {
      yield* vm_area_free(v(machine));
      yield* zap_vma_ptes(v(machine), v(machine).vm_start, PAGE_SIZE);
    };
    expect(run(code)).toMatch(/^use after free: vm_area_struct v/);
  });
  test('does not remove the vma: it is found, and the next fault maps the page again', () => {
    const code = function* (machine: Machine) {
      yield* fill(machine);
      yield* zap_vma_ptes(v(machine), v(machine).vm_start, 2 * PAGE_SIZE);
      const found = yield* find_vma(v(machine).vm_mm, v(machine).vm_start);
      yield* handle_mm_fault(v(machine), v(machine).vm_start, 0);
      return found?.name;
    };
    const told = (machine: Machine, now: Snapshot) => `${now.returned('A')} ${table(machine, now)}`;
    expect(ends({ A: code }, told, {}, generations.v6_10)).toEqual(['v +-']);
  });
  test('first those who listen, then the entries under ptl, then those who listen again, and the TLBs', () => {
    const tasks = { A: fault('v', 0), G: guestAccess('v', 0) };
    const code = function* (machine: Machine) {
      yield* fill(machine);
      yield* zap_vma_ptes(v(machine), v(machine).vm_start, PAGE_SIZE);
    };
    const { steps } = replay(programOf({ A: code }, { tasks, tlb: 'modelled' }), '');
    const names = steps.map(({ operation }) => operation.replace(/,.*/, ')'));
    expect(names.slice(names.lastIndexOf('set_pte_at(v[1])') + 2)).toEqual([
      ...['spin_lock(mmu_lock)', 'is_shadow_present_pte(guest v[0])', 'spin_unlock(mmu_lock)'],
      ...['spin_lock(ptl of v)', 'pte_none(v[0])', 'ptep_get_and_clear(v[0])', 'spin_unlock(ptl of v)'],
      ...['spin_lock(mmu_lock)', 'mmu_invalidate_seq(mmu_invalidate_seq as G sees it)', 'spin_unlock(mmu_lock)'],
      ...["flush_tlb(v[0] in A's TLB)", "flush_tlb(v[0] in G's TLB)"],
    ]);
  });
  test('special entries are counted by nobody: a frame of RAM behind one keeps its references', () => {
    const ram = { vmas: { ...oneVma.vmas, heap: { anonymous: 1, process: 'p' } } };
    const someFrame = ({ vm_mm }: vm_area_struct) => Object.values(vm_mm.ram?.pages ?? {}).at(-1) as page;
    const code = function* (machine: Machine) {
      yield* vmf_insert_pfn(v(machine), v(machine).vm_start, someFrame(v(machine)).pfn);
      yield* zap_vma_ptes(v(machine), v(machine).vm_start, PAGE_SIZE);
    };
    const told = (machine: Machine, now: Snapshot) =>
      `${table(machine, now)} ${now.get(someFrame(v(machine))._refcount)}`;
    expect(ends({ A: code }, told, ram)).toEqual(['--- 1']);
  });
  test('needs mmap_lock, at least as a reader: without it a munmap frees the vma meanwhile', () => {
    const zapping = (machine: Machine) => zap_vma_ptes(v(machine), v(machine).vm_start, PAGE_SIZE);
    const unmapping = ({ vmas }: Machine) => __vm_munmap(vmas.v!.vm_mm, vmas.v!.vm_start, 2 * PAGE_SIZE);
    const locked = function* (machine: Machine) {
      yield* mmap_read_lock(v(machine).vm_mm);
      if (yield* find_vma(v(machine).vm_mm, v(machine).vm_start)) yield* zapping(machine);
      yield* mmap_read_unlock(v(machine).vm_mm);
    };
    const world = { tasks: { A: fault('v', 0), M: munmap('v') } };
    expect(ends({ A: zapping, M: unmapping }, table, world)).toContain(
      'use after free: vm_area_struct v.memory belongs to an object that was freed',
    );
    expect(ends({ A: locked, M: unmapping }, table, world)).toEqual(['--']);
  });
});
