import { describe, expect, test } from 'vitest';
import { explore, type Snapshot } from '#explore';
import { fault, munmap } from '../../deeds/index.ts';
import { driverWith } from '../../drivers/vfio/pci/generations/index.ts';
import {
  FAULT_FLAG_ALLOW_RETRY,
  FAULT_FLAG_TRIED,
  FAULT_FLAG_WRITE,
  VM_PFNMAP,
  VM_SHARED,
} from '../../include/linux/mm.ts';
import {
  VM_FAULT_COMPLETED,
  VM_FAULT_HWPOISON,
  VM_FAULT_MAJOR,
  VM_FAULT_NOPAGE,
  VM_FAULT_OOM,
  VM_FAULT_RETRY,
  VM_FAULT_SIGBUS,
  VM_FAULT_SIGSEGV,
  type vm_area_struct,
} from '../../include/linux/mm_types.ts';
import { mmap_read_lock, mmap_read_unlock } from '../../include/linux/mmap_lock.ts';
import { touchVma } from '../../kernel/fork.ts';
import type { Kernel } from '../../kernel.ts';
import type { Machine } from '../../machine.ts';
import { ends, kindsOf, oneVma } from '../../testing.ts';
import { simulate } from '../../world.ts';
import { handle_mm_fault, lock_mm_and_find_vma, vmf_insert_pfn } from '../memory.ts';
import { __vm_munmap } from '../mmap.ts';

const isDropped = (answer: number) => (answer & (VM_FAULT_RETRY | VM_FAULT_COMPLETED)) !== 0;

/** A driver that answers so, and maps the page unless it answers with an error. */
const answering = (answer: number) =>
  driverWith({
    *fault(vmf) {
      if (answer & VM_FAULT_NOPAGE) yield* vmf_insert_pfn(vmf.vma, vmf.address, vmf.pgoff);
      if (isDropped(answer)) yield* mmap_read_unlock(vmf.vma.vm_mm);
      return answer;
    },
  });

/** What is counted of the task: all faults, major ones, minor ones. */
function countsOf(task: string, { tasks }: Machine, now: Snapshot): string {
  const { pgfault, maj_flt, min_flt } = tasks[task]?.faults ?? expect.fail('nothing is counted');
  return `${now.get(pgfault)} all, ${now.get(maj_flt)} major, ${now.get(min_flt)} minor`;
}

/** Hands one fault down; changes the vma first. */
const handling = (flags: number, change: Partial<vm_area_struct> = {}) =>
  function* ({ vmas: { v } }: Machine): Kernel {
    const vma = { ...(v as vm_area_struct), ...change };
    yield* mmap_read_lock(vma.vm_mm);
    const ret = yield* handle_mm_fault(vma, vma.vm_start, FAULT_FLAG_ALLOW_RETRY | flags);
    if (!isDropped(ret)) yield* mmap_read_unlock(vma.vm_mm);
  };

const counted = (answer: number, flags = 0, kernel = '6.12') =>
  ends(
    { A: handling(flags) },
    (machine, now) => countsOf('A', machine, now),
    { counts: 'faults', kernel },
    answering(answer),
  );

describe('2.3 handle_mm_fault: accounting', () => {
  test.each([
    ['the first try, without MAJOR: minor', VM_FAULT_NOPAGE, 0, '1 all, 0 major, 1 minor'],
    ['MAJOR', VM_FAULT_NOPAGE | VM_FAULT_MAJOR, 0, '1 all, 1 major, 0 minor'],
    ['TRIED counts as major, too', VM_FAULT_NOPAGE, FAULT_FLAG_TRIED, '1 all, 1 major, 0 minor'],
    ['COMPLETED is over, and counted', VM_FAULT_NOPAGE | VM_FAULT_COMPLETED, 0, '1 all, 0 major, 1 minor'],
    ['RETRY is not counted', VM_FAULT_RETRY, 0, '0 all, 0 major, 0 minor'],
    ['RETRY and MAJOR neither', VM_FAULT_RETRY | VM_FAULT_MAJOR, 0, '0 all, 0 major, 0 minor'],
    ['an error is a fault, but neither major nor minor: SIGBUS', VM_FAULT_SIGBUS, 0, '1 all, 0 major, 0 minor'],
    ['an error: OOM', VM_FAULT_OOM, 0, '1 all, 0 major, 0 minor'],
    ['an error: SIGSEGV', VM_FAULT_SIGSEGV, 0, '1 all, 0 major, 0 minor'],
    ['an error: HWPOISON', VM_FAULT_HWPOISON, 0, '1 all, 0 major, 0 minor'],
    ['an error at the second try', VM_FAULT_SIGBUS, FAULT_FLAG_TRIED, '1 all, 0 major, 0 minor'],
  ])('%s', (_name, answer, flags, counts) => expect(counted(answer, flags)).toEqual([counts]));

  test('until v6.3 each try counts as a fault', () => {
    expect(counted(VM_FAULT_RETRY, 0, '6.3')).toEqual(['1 all, 0 major, 0 minor']);
    expect(counted(VM_FAULT_RETRY, 0, '6.4')).toEqual(['0 all, 0 major, 0 minor']);
  });
  test('a write that cannot be is counted as an error', () => {
    const world = { counts: 'faults', kernel: '6.12' } as const;
    const found = ends(
      { A: handling(FAULT_FLAG_WRITE, { vm_flags: VM_SHARED | VM_PFNMAP }) },
      (machine, now) => countsOf('A', machine, now),
      world,
    );
    expect(found).toEqual(['1 all, 0 major, 0 minor', expect.stringMatching(/^warning/)]);
  });
  test('each task counts its own, and two at once lose none', () => {
    const world = { ...oneVma, counts: 'faults', tasks: { A: fault('v', 0), B: fault('v', 1) } } as const;
    const program = simulate(world, answering(VM_FAULT_NOPAGE), { rules: [] });
    const both = (machine: Machine, now: Snapshot) => ['A', 'B'].map((each) => countsOf(each, machine, now)).join('; ');
    const { outcomes } = explore({ ...program, outcome: both }, { stopAt: 'never' });
    expect(Object.keys(outcomes)).toEqual(['1 all, 0 major, 1 minor; 1 all, 0 major, 1 minor']);
  });
  test('a task that faults for ever is a cycle', () => {
    const world = { ...oneVma, counts: 'faults', tasks: { A: fault('v', 0) } } as const;
    expect(kindsOf(explore(simulate(world, answering(VM_FAULT_OOM))))).toEqual([expect.stringMatching(/^livelock/)]);
  });
  test('nothing is counted unless the world asks for it', () => {
    const told = ({ tasks }: Machine) => String(tasks.A?.faults);
    expect(ends({ A: handling(0) }, told, {}, answering(VM_FAULT_NOPAGE))).toEqual(['null']);
  });
});

describe('2.3 handle_mm_fault: after RETRY and COMPLETED the vma must not be touched', () => {
  /** A fault, after which its caller touches the vma, or does not; beside it, the vma is unmapped. */
  const besideMunmap = (answer: number, touches: boolean) => {
    const A = function* (machine: Machine): Kernel {
      const { vm_mm, vm_start } = v(machine);
      const vma = yield* lock_mm_and_find_vma(vm_mm, vm_start, true);
      if (!vma) return;
      const ret = yield* handle_mm_fault(vma, vm_start, FAULT_FLAG_ALLOW_RETRY);
      if (touches) yield* touchVma(vma);
      if (!isDropped(ret)) yield* mmap_read_unlock(vm_mm);
    };
    const M = (machine: Machine) => {
      const { vm_mm, vm_start, vm_end } = v(machine);
      return __vm_munmap(vm_mm, vm_start, vm_end - vm_start);
    };
    return ends({ A, M }, () => 'p', world, answering(answer));
  };
  const v = ({ vmas }: Machine) => vmas.v as vm_area_struct;
  const world = { kernel: '6.12', counts: 'faults', tasks: { A: fault('v', 0), M: munmap('v') } } as const;
  /** Nothing orders the two. */
  const isFreedMeanwhile = 'data race: vm_area_struct v.memory';

  test.each([
    ['RETRY', VM_FAULT_RETRY],
    ['COMPLETED', VM_FAULT_NOPAGE | VM_FAULT_COMPLETED],
  ])('%s: it may be freed by then, and the count does without it', (_name, answer) => {
    expect(besideMunmap(answer, true)).toEqual(['p', isFreedMeanwhile]);
    expect(besideMunmap(answer, false)).toEqual(['p']);
  });
  test('any other answer: the lock is held, and keeps it', () => {
    expect(besideMunmap(VM_FAULT_NOPAGE, true)).toEqual(['p']);
  });
});
