/** Pages of files that are not in memory, and those that are mapped without being asked for. */

import { describe, expect, test } from 'vitest';
import { explore, replay, type Snapshot } from '#explore';
import { PAGE_SIZE } from '../arch/x86/include/asm/page_types.ts';
import { fault, munmap, truncate, write } from '../deeds/index.ts';
import type { WorldDescription } from '../description.ts';
import { generations } from '../drivers/vfio/pci/generations/index.ts';
import { FAULT_FLAG_ALLOW_RETRY, FAULT_FLAG_TRIED, type vm_fault } from '../include/linux/mm.ts';
import {
  type page,
  VM_FAULT_LOCKED,
  VM_FAULT_MAJOR,
  VM_FAULT_OOM,
  VM_FAULT_RETRY,
  type vm_area_struct,
} from '../include/linux/mm_types.ts';
import { mmap_read_lock, mmap_read_unlock } from '../include/linux/mmap_lock.ts';
import { lock_page, unlock_page } from '../include/linux/pagemap.ts';
import type { Kernel } from '../kernel.ts';
import type { Machine } from '../machine.ts';
import { ends, operationsOf, outcomesOf } from '../testing.ts';
import { simulate } from '../world.ts';
import { filemap_fault, pagecache_get_page } from './filemap.ts';
import { handle_mm_fault } from './memory.ts';
import { put_page } from './swap.ts';

type Changes = Partial<WorldDescription>;
const world = (tasks: WorldDescription['tasks'], changes: Changes = {}): WorldDescription => ({
  files: { f: { pages: 1, onDisk: [0] } },
  vmas: { m: { file: 'f', process: 'p', shared: true } },
  tasks,
  ...changes,
});
const names = (...given: Parameters<typeof operationsOf>) =>
  operationsOf(...given).map((each) => each.replace(/, .*/, ')'));

/** What is counted of the task's faults, in every execution. */
function countsOf(task: string, description: WorldDescription): string[] {
  const program = simulate({ ...description, counts: 'faults' }, generations.v5_14);
  const told = ({ tasks }: Machine, now: Snapshot) => {
    const { maj_flt, min_flt } = tasks[task]?.faults ?? expect.fail();
    return `${now.get(maj_flt)} major, ${now.get(min_flt)} minor`;
  };
  return Object.keys(explore({ ...program, outcome: told }, { stopAt: 'never' }).outcomes);
}

describe('2.2 MAJOR', () => {
  /** Vmas have locks, as another one is unmapped. */
  const locked: Changes = {
    kernel: '6.12',
    vmas: { m: { file: 'f', process: 'p', shared: true }, w: { anonymous: 1, process: 'p' } },
  };

  test('IO was needed: a page that is not in memory is read in, with mmap_lock dropped, and the fault tried again', () => {
    const did = names(world({ A: fault('m', 0) }), 'A').filter((each) => !/walk|get_page|put_page/.test(each));
    expect(did).toEqual([
      'down_read(mmap_lock)',
      'READ_ONCE(m[0])',
      'i_size_read(i_size of f)',
      'xas_load(i_pages[0] of f)',
      'add_to_page_cache_lru(i_pages[0] of f)',
      'trylock_page(lock of page f[0])',
      'PageUptodate(page f[0] is up to date)',
      'up_read(mmap_lock)',
      'SetPageUptodate(page f[0] is up to date)',
      'unlock_page(lock of page f[0])',
      'down_read(mmap_lock)',
      'READ_ONCE(m[0])',
      'i_size_read(i_size of f)',
      'xas_load(i_pages[0] of f)',
      'trylock_page(lock of page f[0])',
      'PageUptodate(page f[0] is up to date)',
      'i_size_read(i_size of f)',
      'spin_lock(ptl of m)',
      'pte_none(m[0])',
      'set_pte_at(m[0])',
      'spin_unlock(ptl of m)',
      'unlock_page(lock of page f[0])',
      'up_read(mmap_lock)',
    ]);
  });
  test('accounting only: a fault that had to wait for the disk counts as major, one that had not, as minor', () => {
    expect(countsOf('A', world({ A: fault('m', 0) }))).toEqual(['1 major, 0 minor']);
    expect(countsOf('A', world({ A: fault('m', 0) }, { files: { f: 1 } }))).toEqual(['0 major, 1 minor']);
  });
  test('under the lock of a vma: RETRY and MAJOR, so the next try is TRIED, and counts as major', () => {
    const tasks = { A: fault('m', 0), M: munmap('w') };
    expect(countsOf('A', world(tasks, locked))).toEqual(['1 major, 0 minor']);
    const did = names(world(tasks, locked), 'A').filter((each) => /vm_lock|mmap_lock|Uptodate/.test(each));
    expect(did).toEqual([
      'down_read_trylock(vm_lock of m)',
      'PageUptodate(page f[0] is up to date)',
      'up_read(vm_lock of m)',
      'SetPageUptodate(page f[0] is up to date)',
      'down_read(mmap_lock)',
      'PageUptodate(page f[0] is up to date)',
      'up_read(mmap_lock)',
    ]);
  });
  test('RETRY without MAJOR, under the lock of a vma: not TRIED, so it counts as minor', () => {
    // A finds the page's lock taken by B, which maps it.
    const tasks = { A: fault('m', 0), B: fault('m', 0), M: munmap('w') };
    const program = simulate(world(tasks, { ...locked, files: { f: 1 }, counts: 'faults' }), generations.v5_14);
    const { steps } = replay(program, 'B11-A');
    const didA = steps.filter(({ task }) => task === 'A').map(({ operation }) => operation);
    expect(didA.slice(10, 13)).toEqual([
      'trylock_page(lock of page f[0])',
      'up_read(vm_lock of m)',
      'lock_page(lock of page f[0])',
    ]);
    expect(didA).toContain('down_read(mmap_lock)');
    const counts = { task: 'A', all: 1, major: 0, minor: 1 };
    expect(steps.at(-1)?.picture).toMatchObject({ faults: expect.arrayContaining([counts]) });
  });

  const vmfOf = ({ pages: [first] }: Machine, flags: number): vm_fault => {
    const { vma, address, pud, pmd, pte } = first as Machine['pages'][number];
    return { vma: vma as vm_area_struct, address, pgoff: 0, flags, pud, pmd, pte };
  };
  /** What filemap_fault returns. */
  const answers = (flags: number, changes: Changes = {}) => {
    const A = function* (machine: Machine): Kernel<number> {
      const vmf = vmfOf(machine, flags);
      yield* mmap_read_lock(vmf.vma.vm_mm);
      const ret = yield* filemap_fault(vmf);
      if (ret & VM_FAULT_LOCKED) yield* unlock_page(vmf.page as page);
      if (ret & VM_FAULT_LOCKED) yield* put_page(vmf.page as page);
      if (!(ret & VM_FAULT_RETRY)) yield* mmap_read_unlock(vmf.vma.vm_mm);
      return ret;
    };
    return ends({ A }, (_machine, now) => String(now.returned('A')), world({ A: fault('m', 0) }, changes));
  };
  test('filemap_fault may drop the lock: RETRY and MAJOR', () => {
    expect(answers(FAULT_FLAG_ALLOW_RETRY)).toEqual([`${VM_FAULT_RETRY | VM_FAULT_MAJOR}`]);
  });
  test.each([
    ['no RETRY allowed', 0],
    ['TRIED', FAULT_FLAG_ALLOW_RETRY | FAULT_FLAG_TRIED],
  ])('filemap_fault may not drop the lock (%s): the page, and MAJOR', (_name, flags) => {
    expect(answers(flags)).toEqual([`${VM_FAULT_LOCKED | VM_FAULT_MAJOR}`]);
  });
  test('no memory to read it into: OOM', () => {
    expect(answers(0, { fail: { A: { allocations: [1] } } })).toEqual([`${VM_FAULT_OOM}`]);
  });

  test.each([
    ['two readers', { A: fault('m', 0), B: fault('m', 0) }, ['A mapped, B mapped']],
    ['a reader and a writer', { A: fault('m', 0), B: write('m', 0) }, ['A mapped, B mapped']],
    [
      'a reader and a truncate',
      { A: fault('m', 0), T: truncate('f', 0) },
      ['A SIGBUS, T truncated', 'A mapped, T truncated'],
    ],
  ])('%s at once: all rules hold', (_name, tasks, outcomes) => {
    expect(outcomesOf(world(tasks))).toEqual(outcomes);
  });
  test('whoever finds the page while another reads it in waits for that, and it is not MAJOR', () => {
    // B has put the page into the file, and has its lock.
    const did = names(world({ A: fault('m', 0), B: fault('m', 0) }), 'A', 'B7-A');
    expect(did).not.toContain('add_to_page_cache_lru(i_pages[0] of f)');
    expect(did).not.toContain('SetPageUptodate(page f[0] is up to date)');
    expect(did.filter((each) => /lock_page|mmap_lock/.test(each)).slice(0, 4)).toEqual([
      'down_read(mmap_lock)',
      'trylock_page(lock of page f[0])',
      'up_read(mmap_lock)',
      'lock_page(lock of page f[0])',
    ]);
  });
});

describe('2.3 do_read_fault: fault-around, if the op exists', () => {
  const four = (tasks: WorldDescription['tasks'], faultAround: number | undefined, changes: Changes = {}) =>
    world(tasks, { files: { f: 4 }, ...(faultAround ? { faultAround } : {}), ...changes });
  const vma = (machine: Machine) => machine.vmas.m as vm_area_struct;
  /** Which pages have entries: `+` or `-` for each. */
  const entries = ({ pages }: Machine, now: Snapshot) => pages.map(({ pte }) => (now.get(pte) ? '+' : '-')).join('');
  /** The same in the end, in every execution; or what went wrong. */
  const mapped = (description: WorldDescription) => {
    const program = simulate(description, generations.v5_14);
    const { outcomes, violations } = explore({ ...program, outcome: entries }, { stopAt: 'never' });
    return [...Object.keys(outcomes), ...violations.map(({ message }) => message)];
  };

  test.each([
    ['none, unless the world asks for it', 2, undefined, '--+-'],
    ['one page is no pages around', 2, 1, '--+-'],
    ['the aligned stretch that the page is in', 2, 2, '--++'],
    ['all of it', 1, 4, '++++'],
    ['not beyond the end of the vma', 3, 8, '++++'],
  ])('%s', (_name, page, around, pages) => {
    expect(mapped(four({ A: fault('m', page) }, around))).toEqual([pages]);
  });
  test('not beyond the table', () => {
    const vmas = { m: { file: 'f', process: 'p', shared: true, at: 0x200000 - 2 * PAGE_SIZE } };
    expect(mapped(four({ A: fault('m', 0) }, 8, { vmas }))).toEqual(['++--']);
    expect(mapped(four({ A: fault('m', 3) }, 8, { vmas }))).toEqual(['--++']);
  });
  test('a write maps its own page only', () => {
    expect(mapped(four({ A: write('m', 1) }, 4))).toEqual(['-+--']);
  });
  test('the page is mapped so: `fault` is not called, nor mmap_lock taken, where the vma’s lock will do', () => {
    const { steps } = replay(simulate(four({ A: fault('m', 1) }, 4, { kernel: '6.12' }), generations.v5_14), '');
    const called = new Set(steps.flatMap(({ stack }) => stack.map((each) => each.function)));
    expect(called).toContain('filemap_map_pages');
    expect(called).not.toContain('__do_fault');
    expect(steps.map(({ operation }) => operation)).not.toContain('down_read(mmap_lock)');
  });
  test('the page is not in memory: `fault` is called all the same, and what is around it mapped', () => {
    expect(mapped(four({ A: fault('m', 1) }, 4, { files: { f: { pages: 4, onDisk: [1, 2] } } }))).toEqual(['++-+']);
  });
  test('entries that are there stay', () => {
    const tasks = { A: [write('m', 1), fault('m', 0)], B: write('m', 1) };
    expect(outcomesOf(four(tasks, 2, { files: { f: 2 } }))).toEqual(['A mapped, B mapped']);
    expect(mapped(four({ A: [write('m', 1), fault('m', 0)] }, 4))).toEqual(['++++']);
  });
  test('a page whose lock another has is left out: it waits for nobody', () => {
    const A = function* (machine: Machine): Kernel {
      const second = vma(machine).vm_file?.f_mapping.i_pages[1]?.initial as page;
      yield* lock_page(second);
      yield* handle_mm_fault(vma(machine), vma(machine).vm_start, 0);
      yield* unlock_page(second);
    };
    expect(ends({ A }, entries, four({ A: fault('m', 0) }, 4))).toEqual(['+-++']);
  });
  test('truncate beside it: no page behind the end stays mapped, and none is let go too often', () => {
    const all = four({ A: fault('m', 0), T: truncate('f', 0) }, 2, { files: { f: 1 } });
    expect(mapped(all)).toEqual(['-']);
    expect(mapped(four({ A: fault('m', 0), T: truncate('f', 1) }, 2, { files: { f: 2 } }))).toEqual(['+-']);
  });
  test('a page that another is still reading in is left out', () => {
    const A = function* (machine: Machine): Kernel {
      const { vm_file, vm_start } = vma(machine);
      if (vm_file) yield* pagecache_get_page(vm_file.f_mapping, 1); // nothing is in it yet, and nobody has locked it
      yield* handle_mm_fault(vma(machine), vm_start, 0);
    };
    const half: Changes = { files: { f: { pages: 4, onDisk: [1] } } };
    expect(ends({ A }, entries, four({ A: fault('m', 0) }, 4, half))).toEqual(['+-++']);
  });
  test('no memory for the table: OOM, and the next try gets through', () => {
    const failing: Changes = { pageTables: 'on demand', fail: { A: { allocations: [4] } } };
    expect(mapped(four({ A: fault('m', 0) }, 4, failing))).toEqual(['++++']);
  });
});
