import { describe, expect, test } from 'vitest';
import { explore, replay, type Snapshot } from '#explore';
import { PAGE_SIZE } from '../arch/x86/include/asm/page_types.ts';
import {
  _PAGE_ACCESSED,
  _PAGE_DIRTY,
  _PAGE_RW,
  pte_pfn,
  pte_special,
  type pte_t,
  TABLE,
  type UpperValue,
} from '../arch/x86/include/asm/pgtable.ts';
import { fault, guestAccess, munmap } from '../deeds/index.ts';
import type { WorldDescription } from '../description.ts';
import { generations } from '../drivers/vfio/pci/generations/index.ts';
import { PMD_ORDER, PUD_ORDER, thp_vma_allowable_order } from '../include/linux/huge_mm.ts';
import {
  VM_MAYWRITE,
  VM_MIXEDMAP,
  VM_NOHUGEPAGE,
  VM_PFNMAP,
  VM_SHARED,
  VM_WRITE,
  type vm_fault,
} from '../include/linux/mm.ts';
import {
  VM_FAULT_FALLBACK,
  VM_FAULT_NOPAGE,
  VM_FAULT_OOM,
  VM_FAULT_SIGBUS,
  type vm_area_struct,
} from '../include/linux/mm_types.ts';
import { MMF_DISABLE_THP } from '../include/linux/sched/coredump.ts';
import type { Kernel } from '../kernel.ts';
import type { Machine } from '../machine.ts';
import { ends, kindsOf, outcomesOf, programOf, run } from '../testing.ts';
import { kvm_tdp_page_fault } from '../virt/kvm/kvm_main.ts';
import { simulate } from '../world.ts';
import { vmf_insert_pfn_pmd, vmf_insert_pfn_pud } from './huge_memory.ts';
import { pathTo } from './memory/tables.ts';
import { handle_mm_fault, unmap_mapping_range, vmf_insert_pfn, zap_vma_ptes } from './memory.ts';
import { __vm_munmap } from './mmap.ts';

const HUGE = 512 * PAGE_SIZE;
const vmas = { v: { bar: 'bar0', process: 'p', at: 0x40000000 } };
const driver = generations.v6_12;
/** Two blocks of 2 MiB; pages 1, 2 and 513 have entries. */
const blocks: Partial<WorldDescription> = {
  bars: { bar0: { pages: 1024, pfn: 0x40000 } },
  vmas,
  tasks: { A: [fault('v', 1), fault('v', 2), fault('v', 513)], B: fault('v', 1) },
};
/** A block of 1 GiB, of which the same pages have entries. */
const gigabyte = { ...blocks, bars: { bar0: { pages: 0x40000, pfn: 0x40000 } } };

const v = ({ vmas }: Machine) => vmas.v as vm_area_struct;

/** What the core hands down for that page. */
function faultAt(machine: Machine, page: number, vma = v(machine)): vm_fault {
  const address = vma.vm_start + page * PAGE_SIZE;
  const path = pathTo(vma.vm_mm, address) ?? pathTo(vma.vm_mm, vma.vm_start + PAGE_SIZE);
  if (!path) throw new Error('no such page');
  return { vma, address, pgoff: vma.vm_pgoff + page, flags: 0, pud: path.pud, pmd: path.pmd, pte: path.pte };
}

const FIRST = 0x40000;
const pmd =
  (page = 1, pfn = FIRST, isWrite = false) =>
  (machine: Machine) =>
    vmf_insert_pfn_pmd(faultAt(machine, page), pfn, isWrite);
const pud =
  (pfn = FIRST, isWrite = false) =>
  (machine: Machine) =>
    vmf_insert_pfn_pud(faultAt(machine, 1), pfn, isWrite);
const touching = (page: number) => (machine: Machine) =>
  handle_mm_fault(v(machine), v(machine).vm_start + page * PAGE_SIZE, 0);

type Code = (machine: Machine) => Kernel<unknown>;
const inTurn = (...codes: Code[]): Code =>
  function* (machine) {
    let last: unknown;
    for (const code of codes) last = yield* code(machine);
    return last;
  };

const shown = (value: UpperValue) =>
  value === TABLE ? 'table' : value === 0 ? '-' : `0x${pte_pfn(value).toString(16)}${pte_special(value) ? '' : '?'}`;
/** What stands above the first page, and its own entry. */
function above(machine: Machine, now: Snapshot): string {
  const [first] = machine.pages;
  if (!first?.pud.value || !first.pmd.value) return 'tables';
  return [now.get(first.pud.value), now.get(first.pmd.value), now.get<pte_t>(first.pte)].map(shown).join(' ');
}
const stands = (code: Code, world = blocks) => ends({ A: code }, above, world, driver);
const answer = (code: Code, world: Partial<WorldDescription> = blocks) =>
  run(code as (m: Machine) => Kernel<number>, world, driver);

const failing = { ...blocks, fail: { A: { allocations: [1] } } };

describe.each([
  ['2.6 vmf_insert_pfn_pmd', pmd, '- 0x40000 -'],
  ['2.6 vmf_insert_pfn_pud', () => pud(), '0x40000 - -'],
] as const)('%s', (row, insert, leaf) => {
  const isPmd = row === '2.6 vmf_insert_pfn_pmd';
  test('an empty slot: a special leaf, NOPAGE', () => {
    expect(answer(insert())).toBe(VM_FAULT_NOPAGE);
    expect(stands(insert())).toEqual([leaf]);
  });
  test('a leaf is there: left as it is, NOPAGE', () => {
    const second = isPmd ? pmd(1, FIRST + 512) : pud(FIRST + 0x40000);
    expect(answer(inTurn(insert(), second))).toBe(VM_FAULT_NOPAGE);
    expect(stands(inTurn(insert(), second))).toEqual([leaf]);
  });
  test('a table is there: counts as not empty, nothing is inserted, NOPAGE', () => {
    const small: Code = (machine) => vmf_insert_pfn(v(machine), v(machine).vm_start + PAGE_SIZE, FIRST + 1);
    expect(answer(inTurn(small, insert()))).toBe(VM_FAULT_NOPAGE);
    expect(stands(inTurn(small, insert()))).toEqual(['table table 0x40001']);
  });
  test('two CPUs: the first one wins, and both succeed', () => {
    const told = (machine: Machine, now: Snapshot) =>
      `${now.returned('A')} ${now.returned('B')} ${above(machine, now)}`;
    expect(ends({ A: insert(), B: insert() }, told, blocks, driver)).toEqual([`256 256 ${leaf}`]);
  });
  test.each([
    ['neither VM_PFNMAP nor VM_MIXEDMAP', (flags: number) => flags & ~VM_PFNMAP],
    ['both', (flags: number) => flags | VM_MIXEDMAP],
    ['VM_PFNMAP and copy-on-write', (flags: number) => (flags & ~VM_SHARED) | VM_MAYWRITE],
  ])('BUGs on %s, as vmf_insert_pfn does', (_name, change) => {
    const withFlags: Code = (machine) => {
      const vmf = faultAt(machine, 1, { ...v(machine), vm_flags: change(v(machine).vm_flags) });
      return isPmd ? vmf_insert_pfn_pmd(vmf, FIRST, false) : vmf_insert_pfn_pud(vmf, FIRST, false);
    };
    expect(answer(withFlags)).toMatch(new RegExp(`^bug: BUG_ON\\(\\): ${row.slice(4)}`));
  });
  test('outside the vma: SIGBUS', () => {
    const vmas = { v: { bar: 'bar0', process: 'p', at: 0x40000000 + PAGE_SIZE } };
    expect(answer(insert(), { ...blocks, vmas })).toBe(VM_FAULT_SIGBUS);
  });
});

describe('2.6 vmf_insert_pfn_pmd', () => {
  test('the address is rounded down to the block', () => {
    expect(stands(pmd(1))).toEqual(stands(pmd(0)));
  });
  test('no memory for the table that is put by for a split: OOM', () => {
    expect(answer(pmd(), failing)).toBe(VM_FAULT_OOM);
    expect(stands(pmd(), failing)).toEqual(['- - -']);
  });
  test('write true: the same frames are made dirty, others WARN and stay', () => {
    expect(answer(inTurn(pmd(), pmd(1, FIRST, true)))).toBe(VM_FAULT_NOPAGE);
    expect(answer(inTurn(pmd(), pmd(1, FIRST + 512, true)))).toMatch(/^warning: insert_pfn_pmd/);
    expect(answer(pud(FIRST, true))).toBe(VM_FAULT_NOPAGE);
  });
  test.each([
    ['is writable', 0, _PAGE_RW],
    ['that may not be written, is not', VM_WRITE, 0],
  ])('write true: what it makes in a vma %s', (_name, without, expected) => {
    const writing: Code = (machine) => {
      const vma = { ...v(machine), vm_flags: v(machine).vm_flags & ~without };
      const vm_page_prot = vma.vm_page_prot & ~_PAGE_RW;
      return vmf_insert_pfn_pmd(faultAt(machine, 1, { ...vma, vm_page_prot }), FIRST, true);
    };
    const flags = ({ pages: [first] }: Machine, now: Snapshot) => {
      const leaf = now.get(first?.pmd.value ?? expect.fail('no leaf can stand there'));
      return `${Number(leaf) & (_PAGE_ACCESSED | _PAGE_DIRTY | _PAGE_RW)}`;
    };
    expect(ends({ A: writing }, flags, blocks, driver)).toEqual([`${_PAGE_ACCESSED | _PAGE_DIRTY | expected}`]);
  });
});

test('2.6 vmf_insert_pfn_pud: puts no table by, so it needs no memory', () => {
  expect(answer(pud(), { ...blocks, fail: { A: { allocations: 'all' } } })).toBe(VM_FAULT_NOPAGE);
});

describe('2.6 table in the slot', () => {
  test('the next fault goes to the lowest level, and does not ask the driver for a leaf', () => {
    const small: Code = (machine) => vmf_insert_pfn(v(machine), v(machine).vm_start + 2 * PAGE_SIZE, FIRST + 2);
    expect(stands(inTurn(small, touching(1)))).toEqual(['table table 0x40001']);
    const declining = {
      ...driver,
      vm_ops: {
        ...driver.vm_ops,
        huge_fault: () => {
          throw new Error('asked');
        },
      },
    };
    expect(run(inTurn(small, touching(1)) as (m: Machine) => Kernel<number>, blocks, declining)).toBe(VM_FAULT_NOPAGE);
  });
});

describe('2.6 split', () => {
  test('splitting clears the leaf: a partial zap takes all of it', () => {
    const zapOne: Code = (machine) => zap_vma_ptes(v(machine), v(machine).vm_start + PAGE_SIZE, PAGE_SIZE);
    expect(stands(inTurn(touching(1), zapOne))).toEqual(['table - -']);
    expect(stands(inTurn(touching(1), zapOne, touching(2)))).toEqual(['table 0x40000 -']);
  });
  test('a partial zap of 1 GiB takes all of that', () => {
    const zapOne: Code = (machine) => zap_vma_ptes(v(machine), v(machine).vm_start + PAGE_SIZE, PAGE_SIZE);
    expect(stands(inTurn(touching(513), zapOne), gigabyte)).toEqual(['- - -']);
  });
  test('a munmap of one page unmaps the whole 2 MiB for a moment: what stays mapped faults anew', () => {
    const part = munmap('v', { first: 1, pages: 1 });
    const unmap: Code = (machine) => __vm_munmap(v(machine).vm_mm, v(machine).vm_start + PAGE_SIZE, PAGE_SIZE);
    const world = { ...blocks, tasks: { A: [fault('v', 1), fault('v', 2), part] } };
    expect(stands(touching(2), world)).toEqual(['table 0x40000 -']);
    expect(stands(inTurn(touching(2), unmap), world)).toEqual(['table - -']);
    const meanwhile = { ...blocks, tasks: { A: [fault('v', 2), fault('v', 2)], M: part } };
    expect(outcomesOf(meanwhile as WorldDescription, driver)).toEqual(['A mapped, M unmapped']);
  });
  test('those who listen hear of the whole 2 MiB', () => {
    const world = { ...blocks, tasks: { A: [fault('v', 1), fault('v', 2)], G: guestAccess('v', 2) } };
    const zapOne: Code = (machine) => zap_vma_ptes(v(machine), v(machine).vm_start + PAGE_SIZE, PAGE_SIZE);
    const given = world as Partial<WorldDescription>;
    const guest = (machine: Machine, now: Snapshot) =>
      Object.values(v(machine).vm_mm.notifier_subscriptions?.entries ?? {}).map((entry) =>
        now.get(entry) ? '+' : '-',
      );
    const map: Code = (machine) =>
      kvm_tdp_page_fault(v(machine).vm_mm.notifier_subscriptions ?? expect.fail('no guest'), {
        mm: v(machine).vm_mm,
        address: v(machine).vm_start + 2 * PAGE_SIZE,
        isWrite: false,
        vcpu: 'G',
      });
    const told = (machine: Machine, now: Snapshot) => guest(machine, now).join('');
    expect(ends({ A: inTurn(map) }, told, given, driver)).toEqual(['-+']);
    expect(ends({ A: inTurn(map, zapOne) }, told, given, driver)).toEqual(['--']);
  });
  test.each([
    ['2 MiB', blocks, 'pmdp_huge_get_and_clear'],
    ['1 GiB', gigabyte, 'pudp_huge_get_and_clear'],
  ])('TLBs forget all %s, before the lock is given back', (_size, world, cleared) => {
    const zapOne: Code = (machine) => zap_vma_ptes(v(machine), v(machine).vm_start + PAGE_SIZE, PAGE_SIZE);
    const tasks = { A: [fault('v', 1), fault('v', 2)] };
    const { steps } = replay(
      programOf({ A: inTurn(touching(1), zapOne) }, { ...world, tasks, tlb: 'modelled' }, () => '', driver),
      '',
    );
    const names = steps.map(({ operation }) => operation.replace(/,.*/, ')'));
    expect(names.slice(names.findIndex((each) => each.startsWith(cleared)) + 1, -1)).toEqual([
      "flush_tlb(v[1] in A's TLB)",
      "flush_tlb(v[2] in A's TLB)",
    ]);
    expect(names.at(-1)).toContain('spin_unlock');
  });
  test('a zap of another block leaves the leaf alone', () => {
    const zapOther: Code = (machine) => zap_vma_ptes(v(machine), v(machine).vm_start + HUGE, HUGE);
    expect(stands(inTurn(touching(1), zapOther))).toEqual(['table 0x40000 -']);
  });
  test('unmap_mapping_range takes leaves of both sizes', () => {
    const zapAll: Code = (machine) => unmap_mapping_range(machine.vdev.i_mapping ?? expect.fail('no tree'), 0, 0, true);
    expect(stands(inTurn(touching(1), zapAll))).toEqual(['table - -']);
    expect(stands(inTurn(touching(1), zapAll), gigabyte)).toEqual(['- - -']);
  });
});

describe('2.6 gate', () => {
  interface Changes {
    readonly vm_flags?: number;
    readonly without?: number;
    readonly mmFlags?: number;
  }
  /** The orders that the driver is asked for, of which it has this one. */
  const withHandler = (order: number, { vm_flags = 0, without = 0, mmFlags = 0 }: Changes = {}, world = blocks) => {
    const asked: number[] = [];
    const huge_fault = function* (_vmf: vm_fault, each: number) {
      asked.push(each);
      return each === order ? VM_FAULT_NOPAGE : VM_FAULT_FALLBACK;
    };
    const own = { ...driver, vm_ops: { ...driver.vm_ops, huge_fault } };
    const code: Code = (machine) => {
      const { vm_mm, vm_flags: flags, vm_start } = v(machine);
      const changed = { vm_mm: { ...vm_mm, flags: mmFlags }, vm_flags: (flags & ~without) | vm_flags };
      return handle_mm_fault({ ...v(machine), ...changed }, vm_start + PAGE_SIZE, 0);
    };
    explore(programOf({ A: code }, world, () => '', own));
    return [...new Set(asked)];
  };
  test('asks for 1 GiB first, then for 2 MiB', () => {
    expect(withHandler(PUD_ORDER)).toEqual([PUD_ORDER]);
    expect(withHandler(PMD_ORDER)).toEqual([PUD_ORDER, PMD_ORDER]);
    expect(withHandler(-1)).toEqual([PUD_ORDER, PMD_ORDER]);
  });
  test('MADV_NOHUGEPAGE turns it off', () => expect(withHandler(PUD_ORDER, { vm_flags: VM_NOHUGEPAGE })).toEqual([]));
  test('prctl turns it off for the whole process', () => {
    expect(withHandler(PUD_ORDER, { mmFlags: MMF_DISABLE_THP })).toEqual([]);
  });
  test('bare frames are "special huge": a vma that is neither VM_PFNMAP nor VM_MIXEDMAP is not let through', () => {
    expect(withHandler(PUD_ORDER, { without: VM_PFNMAP })).toEqual([]);
    expect(withHandler(PUD_ORDER, { without: VM_PFNMAP, vm_flags: VM_MIXEDMAP })).toEqual([PUD_ORDER]);
  });
  test('2 MiB and 1 GiB, and no other order', () => {
    const allowed = (machine: Machine, order: number) => thp_vma_allowable_order(v(machine), order);
    const code = function* (machine: Machine) {
      return [0, PMD_ORDER - 1, PMD_ORDER, PMD_ORDER + 1, PUD_ORDER].filter((order) => allowed(machine, order)).join();
    };
    expect(run(code, blocks, driver)).toBe(`${PMD_ORDER},${PUD_ORDER}`);
  });
  test('past it the handler is trusted: nobody else sees that a block sticks out of the vma, or how its frames lie', () => {
    const shifted = { v: { ...vmas.v, at: 0x40000000 + PAGE_SIZE } };
    expect(withHandler(PMD_ORDER, {}, { ...blocks, vmas: shifted })).toEqual([PUD_ORDER, PMD_ORDER]);
    expect(stands(pmd(1, FIRST + 1))).toEqual(['- 0x40000 -']); // not the frame that was asked for
  });
  test('a leaf is there already: 0', () => {
    expect(answer(inTurn(touching(1), touching(1)))).toBe(0);
    expect(answer(inTurn(touching(1), touching(513)), gigabyte)).toBe(0);
  });
  test('a leaf of 1 GiB that came while the pmd table was being made: looks again, 0', () => {
    // B gives up 1 GiB, and A makes it before B has its table.
    const declining = {
      ...driver,
      vm_ops: {
        ...driver.vm_ops,
        *huge_fault(vmf: vm_fault, order: number) {
          if (order !== PUD_ORDER || vmf.flags === 0) return VM_FAULT_FALLBACK;
          return yield* vmf_insert_pfn_pud(vmf, FIRST, false);
        },
      },
    };
    const as =
      (flags: number): Code =>
      (machine) =>
        handle_mm_fault(v(machine), v(machine).vm_start + PAGE_SIZE, flags);
    const told = (machine: Machine, now: Snapshot) =>
      `${now.returned('A')} ${now.returned('B')} ${above(machine, now)}`;
    const found = ends({ A: as(1), B: as(0) }, told, blocks, declining);
    expect(found.filter((each) => each.includes('0x40000 '))).toEqual(['256 0 0x40000 - -']);
    expect(found).toContain('256 256 table table 0x40001');
  });
});

describe('2.7: get_locked_pte returns NULL', () => {
  const small: Code = (machine) => vmf_insert_pfn(v(machine), v(machine).vm_start + PAGE_SIZE, FIRST + 1);
  test('no memory: OOM', () => {
    expect(answer(small, { ...blocks, fail: { A: { allocations: [2] } } })).toBe(VM_FAULT_OOM);
  });
  test('a leaf in the pmd slot: OOM too, though memory there is', () => {
    const populated = inTurn(touching(513), pmd(), small);
    expect(answer(populated)).toBe(VM_FAULT_OOM);
    expect(stands(populated)).toEqual(['table 0x40000 -']);
  });
});

describe('worlds with large BARs', () => {
  const wrongIn = (world: WorldDescription) => kindsOf(explore(simulate(world, driver), { stopAt: 'never' }));
  test.each([
    ['2 MiB', blocks],
    ['1 GiB, up to the last address', gigabyte],
  ])('%s: an access goes through a leaf, and munmap takes it', (_size, world) => {
    expect(wrongIn({ ...(world as WorldDescription), tasks: { A: [fault('v', 1), fault('v', 513)] } })).toEqual([]);
    expect(wrongIn({ ...(world as WorldDescription), tasks: { A: fault('v', 513), M: munmap('v') } })).toEqual([]);
  });
});
