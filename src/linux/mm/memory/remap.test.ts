import { describe, expect, test } from 'vitest';
import { explore, type Snapshot } from '#explore';
import { PAGE_SIZE } from '../../arch/x86/include/asm/page_types.ts';
import { pte_pfn, pte_special } from '../../arch/x86/include/asm/pgtable.ts';
import type { WorldDescription } from '../../description.ts';
import { EACCES, EINVAL, ENOMEM } from '../../include/linux/errno.ts';
import { VM_MAYWRITE, VM_SHARED } from '../../include/linux/mm.ts';
import type { vm_area_struct } from '../../include/linux/mm_types.ts';
import { mmap_read_lock, mmap_read_unlock, mmap_write_lock, mmap_write_unlock } from '../../include/linux/mmap_lock.ts';
import type { Kernel } from '../../kernel.ts';
import type { Machine } from '../../machine.ts';
import { ends, kindsOf, programOf, run } from '../../testing.ts';
import { io_remap_pfn_range, remap_pfn_range } from './remap.ts';
import { zap_vma_ptes } from './zap.ts';

const v = ({ vmas }: Machine) => vmas.v as vm_area_struct;
const remap = (vma: vm_area_struct, size = vma.vm_end - vma.vm_start) =>
  io_remap_pfn_range(vma, vma.vm_start, vma.vm_pgoff, size, vma.vm_page_prot);
const whole = (machine: Machine): Kernel<number> => remap(v(machine));

/** What stands in the table at the end: pages of the BAR, `-` for none. */
const tables = (code: (machine: Machine) => Kernel<unknown>, changes: Partial<WorldDescription> = {}) =>
  ends(
    { A: code },
    (machine, now) => {
      const pages = machine.pages.map(({ pte }) => {
        const value = now.get(pte);
        return value ? `${pte_pfn(value) - v(machine).vm_pgoff}${pte_special(value) ? '' : '?'}` : '-';
      });
      return `${now.returned('A')} ${pages.join('')}`;
    },
    changes,
  );

describe('remap_pfn_range', () => {
  test('fills the range with special entries, frame after frame', () => {
    expect(tables(whole, { bars: { bar0: 4 } })).toEqual(['0 0123']);
  });
  test('fills a part', () => {
    expect(tables((machine) => remap(v(machine), PAGE_SIZE))).toEqual(['0 0-']);
  });
  test('rounds the size up to whole pages', () => expect(tables((machine) => remap(v(machine), 1))).toEqual(['0 0-']));
  test('goes on in the next table of lowest entries', () => {
    const vmas = { v: { bar: 'bar0', process: 'p', at: 0x200000 - PAGE_SIZE } };
    expect(tables(whole, { bars: { bar0: 3 }, vmas })).toEqual(['0 012']);
  });
  test('goes on across the edge of a pud', () => {
    const vmas = { v: { bar: 'bar0', process: 'p', at: 2 ** 30 - PAGE_SIZE } };
    expect(tables(whole, { vmas, pageTables: 'on demand' })).toEqual(['0 01']);
  });
  test('BUGs at an entry that is there already, and leaves ptl held', () => {
    const twice = function* (machine: Machine) {
      yield* whole(machine);
      yield* whole(machine);
    };
    const { violation } = explore(programOf({ A: twice }));
    expect(violation?.kind).toBe('bug');
    expect(violation?.message).toMatch(/^BUG_ON\(!pte_none\(\*pte\)\): remap_pte_range/);
    expect(violation?.held).toEqual([{ task: 'A', lock: 'ptl of v' }]);
  });
  test('returns -EACCES at a frame it may not map, and leaves what it has made', () => {
    expect(tables(whole, { bars: { bar0: 3 }, fail: { A: { remapAtPage: 1 } } })).toEqual([`${-EACCES} 0--`]);
  });
  test.each([1, 2, 3])('returns -ENOMEM where table %d cannot be had', (table) => {
    const changes = { pageTables: 'on demand', fail: { A: { allocations: [table] } } } as const;
    expect(tables(whole, changes)).toEqual([`${-ENOMEM} --`]);
  });
  test('leaves the first table filled where the second cannot be had', () => {
    const vmas = { v: { bar: 'bar0', process: 'p', at: 0x200000 - PAGE_SIZE } };
    const changes = { vmas, pageTables: 'on demand', fail: { A: { allocations: [4] } } } as const;
    expect(tables(whole, changes)).toEqual([`${-ENOMEM} 0-`]);
  });
  test('WARNs at an address within a page, and returns -EINVAL', () => {
    const within = (machine: Machine) => {
      const { vm_start, vm_pgoff, vm_page_prot } = v(machine);
      return remap_pfn_range(v(machine), vm_start + 1, vm_pgoff, PAGE_SIZE, vm_page_prot);
    };
    const found = explore(
      programOf({ A: within }, {}, (_machine, now) => String(now.returned('A'))),
      { stopAt: 'never' },
    );
    expect(kindsOf(found)).toEqual(['warning: remap_pfn_range']);
    expect(Object.keys(found.outcomes)).toEqual([String(-EINVAL)]);
  });
  test('BUGs at an empty range', () => {
    expect(run((machine) => remap(v(machine), 0))).toMatch(/^bug: BUG_ON\(addr >= end\)/);
  });
  test('refuses what Linux would not notice: a range beyond the vma', () => {
    expect(run((machine) => remap(v(machine), 3 * PAGE_SIZE))).toMatch(/^exception: .*0x10002000 is no address/);
  });
  test('refuses what C would not compile', () => {
    const { NaN: none } = Number;
    expect(run((machine) => remap_pfn_range(v(machine), v(machine).vm_start, none, PAGE_SIZE, 0))).toMatch(
      /^exception: TypeError: remap_pfn_range: pfn is NaN/,
    );
  });
});

test('two CPUs that make the same tables share them', () => {
  const mapping = (page: number) => (machine: Machine) => {
    const { vm_start, vm_pgoff, vm_page_prot } = v(machine);
    return remap_pfn_range(v(machine), vm_start + page * PAGE_SIZE, vm_pgoff + page, PAGE_SIZE, vm_page_prot);
  };
  const filled = (machine: Machine, now: Snapshot) =>
    machine.pages.map(({ pte }) => (now.get(pte) ? '+' : '-')).join('');
  expect(ends({ A: mapping(0), B: mapping(1) }, filled, { pageTables: 'on demand' })).toEqual(['++']);
});

/** The whole vma, under mmap_lock as the writer, as an `mmap` method has it. */
const underWriteLock = (code: (machine: Machine) => Kernel<number>) =>
  function* (machine: Machine): Kernel<number> {
    yield* mmap_write_lock(v(machine).vm_mm);
    const result = yield* code(machine);
    yield* mmap_write_unlock(v(machine).vm_mm);
    return result;
  };

describe('2.4: an error in the middle', () => {
  const refused = { bars: { bar0: 3 }, fail: { A: { remapAtPage: 1 } } } as const;
  test('before 2024 what has been made stays', () => {
    expect(tables(underWriteLock(whole), { ...refused, kernel: '6.11' })).toEqual([`${-EACCES} 0--`]);
  });
  test('since 79a61cc3fc04 the whole range is taken away', () => {
    expect(tables(underWriteLock(whole), { ...refused, kernel: '6.12' })).toEqual([`${-EACCES} ---`]);
  });
  test('also what stands before the page that was refused in another table', () => {
    const vmas = { v: { bar: 'bar0', process: 'p', at: 0x200000 - PAGE_SIZE } };
    const changes = { vmas, pageTables: 'on demand', kernel: '6.12', fail: { A: { allocations: [4] } } } as const;
    expect(tables(underWriteLock(whole), changes)).toEqual([`${-ENOMEM} --`]);
  });
});

describe('2.4: the vma', () => {
  const underReadLock = function* (machine: Machine): Kernel<number> {
    yield* mmap_read_lock(v(machine).vm_mm);
    const result = yield* whole(machine);
    yield* mmap_read_unlock(v(machine).vm_mm);
    return result;
  };
  test('vm_flags_set: WARNs under mmap_lock as a mere reader since v6.10, and goes on', () => {
    expect(tables(underReadLock, { kernel: '6.10' })).toEqual(['0 01', 'warning: rwsem_assert_held_write']);
    expect(tables(underReadLock, { kernel: '6.9' })).toEqual(['0 01']);
    expect(tables(underWriteLock(whole), { kernel: '6.10' })).toEqual(['0 01']);
  });
  test('copy-on-write must be covered entirely, or -EINVAL', () => {
    const ofPages = (pages: number) => (machine: Machine) => {
      const cowVma = { ...v(machine), vm_flags: (v(machine).vm_flags & ~VM_SHARED) | VM_MAYWRITE };
      return remap(cowVma, pages * PAGE_SIZE);
    };
    expect(tables(ofPages(1))).toEqual([`${-EINVAL} --`]);
    expect(tables(ofPages(2))).toEqual(['0 01']);
  });
});

describe('2.4: track_pfn_remap', () => {
  const tracked = { memtypes: 'tracked' } as const;
  const reserved = (machine: Machine, now: Snapshot) =>
    `${now.returned('A')} ${now.get(machine.vdev.pdev.memtypes ?? expect.fail())}`;
  test('a whole vma: reserves its frames', () => {
    expect(ends({ A: whole }, reserved, tracked)).toEqual(['0 0x40000+2']);
  });
  test('a part: reserves nothing', () => {
    expect(ends({ A: (machine) => remap(v(machine), PAGE_SIZE) }, reserved, tracked)).toEqual(['0 ']);
  });
  test('cannot allocate: -EINVAL, and nothing is mapped', () => {
    const failing = { ...tracked, fail: { A: { allocations: [1] } } };
    expect(ends({ A: whole }, reserved, failing)).toEqual([`${-EINVAL} `]);
    expect(tables(whole, failing)).toEqual([`${-EINVAL} --`]);
  });
  test('an error later gives the reservation back', () => {
    expect(ends({ A: whole }, reserved, { ...tracked, fail: { A: { remapAtPage: 1 } } })).toEqual([`${-EACCES} `]);
  });
  test('so does a zap', () => {
    const code = function* (machine: Machine) {
      yield* whole(machine);
      yield* zap_vma_ptes(v(machine), v(machine).vm_start, 2 * PAGE_SIZE);
      return 'zapped';
    };
    expect(ends({ A: code }, reserved, tracked)).toEqual(['zapped ']);
  });
  test('costs nothing where the world does not ask', () => {
    const states = (changes: Partial<WorldDescription>) => {
      const found = explore(programOf({ A: whole }, changes), { engine: 'graph' });
      return found.states;
    };
    expect(states({})).toBeLessThan(states(tracked) ?? 0);
  });
});
