import { describe, expect, test } from 'vitest';
import { explore, replay, type Snapshot } from '#explore';
import { PAGE_SIZE } from '../../arch/x86/include/asm/page_types.ts';
import { _PAGE_ACCESSED, _PAGE_DIRTY, _PAGE_RW, pte_pfn, pte_special } from '../../arch/x86/include/asm/pgtable.ts';
import { VM_MAYWRITE, VM_MIXEDMAP, VM_PFNMAP, VM_SHARED, VM_WRITE } from '../../include/linux/mm.ts';
import { VM_FAULT_NOPAGE, VM_FAULT_OOM, VM_FAULT_SIGBUS, type vm_area_struct } from '../../include/linux/mm_types.ts';
import type { Kernel } from '../../kernel.ts';
import type { Machine } from '../../machine.ts';
import { ends, oneVma, programOf, run } from '../../testing.ts';
import { insert_pfn, vmf_insert_pfn } from './insert.ts';
import { zero_pfn } from './zeroPage.ts';

const v = ({ vmas }: Machine) => vmas.v as vm_area_struct;
const insert =
  (page: number, pfn = page) =>
  (machine: Machine) =>
    vmf_insert_pfn(v(machine), v(machine).vm_start + page * PAGE_SIZE, v(machine).vm_pgoff + pfn);

function* inTurn(machine: Machine, ...codes: ((machine: Machine) => Kernel<number>)[]): Kernel<string> {
  const results: number[] = [];
  for (const code of codes) results.push(yield* code(machine));
  return results.map((each) => `0x${each.toString(16)}`).join();
}

const table = (machine: Machine, now: Snapshot) =>
  machine.pages
    .map(({ pte }) => now.get(pte))
    .map((value) => (value ? pte_pfn(value) - v(machine).vm_pgoff : '-'))
    .join('');

/** The vma with other flags: a copy, as a test's own. */
const withFlags = (change: (flags: number) => number) => (machine: Machine) =>
  vmf_insert_pfn({ ...v(machine), vm_flags: change(v(machine).vm_flags) }, v(machine).vm_start, v(machine).vm_pgoff);

describe('vmf_insert_pfn', () => {
  test('2.5 empty, mkwrite false: writes the entry, NOPAGE', () => {
    expect(run(insert(0))).toBe(VM_FAULT_NOPAGE);
    expect(ends({ A: insert(1) }, table)).toEqual(['-1']);
  });
  test('2.5 same PFN, mkwrite false: left untouched, NOPAGE', () => {
    const code = (machine: Machine) => inTurn(machine, insert(0), insert(0));
    expect(run(code)).toBe('0x100,0x100');
    expect(ends({ A: code }, table)).toEqual(['0-']);
  });
  test('2.5 different PFN, mkwrite false: left untouched, without a warning, NOPAGE', () => {
    const code = (machine: Machine) => inTurn(machine, insert(0, 1), insert(0, 0));
    expect(run(code)).toBe('0x100,0x100');
    expect(ends({ A: code }, table)).toEqual(['1-']);
  });
  test('2.5 address outside the vma: SIGBUS', () => {
    expect(run(insert(2))).toBe(VM_FAULT_SIGBUS);
    expect(run(insert(-1))).toBe(VM_FAULT_SIGBUS);
  });
  test('2.5 PFN not allowed: SIGBUS', () => {
    expect(run(insert(1), { fail: { A: { remapAtPage: 1 } } })).toBe(VM_FAULT_SIGBUS);
    expect(run(insert(0), { fail: { A: { remapAtPage: 1 } } })).toBe(VM_FAULT_NOPAGE);
  });
  test.each([1, 2, 3])('2.5 no table: without memory for table %d, OOM', (allocation) => {
    expect(run(insert(0), { pageTables: 'on demand', fail: { A: { allocations: [allocation] } } })).toBe(VM_FAULT_OOM);
  });
  test('2.5 idempotent: two CPUs, one slot: the first one wins, and both succeed', () => {
    const found = ends(
      { A: insert(0, 0), B: insert(0, 1) },
      (machine, now) => `${now.returned('A')} ${now.returned('B')} ${table(machine, now)}`,
    );
    expect(found).toEqual(['256 256 0-', '256 256 1-']);
  });
  test.each([
    ['neither VM_PFNMAP nor VM_MIXEDMAP', (flags: number) => flags & ~VM_PFNMAP, 'without'],
    ['both', (flags: number) => flags | VM_MIXEDMAP, 'with both'],
    ['VM_PFNMAP and copy-on-write', (flags: number) => (flags & ~VM_SHARED) | VM_MAYWRITE, 'private, writable'],
  ])('2.5 kind of vma: BUGs on %s', (_name, change, told) => {
    const message = run(withFlags(change));
    expect(message).toMatch(/^bug: BUG_ON\(\): vmf_insert_pfn_prot/);
    expect(message).toContain(told);
  });
  test('2.5 kind of vma: BUGs on VM_MIXEDMAP with a PFN that has a struct page; bare frames it maps', () => {
    const ram = { vmas: { ...oneVma.vmas, heap: { anonymous: 1, process: 'p' } } };
    const mixed = (frame?: (machine: Machine) => number) => (machine: Machine) => {
      const vma = { ...v(machine), vm_flags: (v(machine).vm_flags & ~VM_PFNMAP) | VM_MIXEDMAP };
      return vmf_insert_pfn(vma, vma.vm_start, frame?.(machine) ?? vma.vm_pgoff);
    };
    const someFrame = (machine: Machine) => Number(Object.keys(v(machine).vm_mm.ram?.pages ?? {}).at(-1));
    expect(run(mixed(someFrame), ram)).toMatch(/^bug: BUG_ON\(\): vmf_insert_pfn_prot .* with a struct page/);
    expect(run(mixed(), ram)).toBe(VM_FAULT_NOPAGE);
  });
  test('2.5 kind of vma: comes before the address', () => {
    const outside = (machine: Machine) => vmf_insert_pfn({ ...v(machine), vm_flags: 0 }, 0, v(machine).vm_pgoff);
    expect(run(outside)).toMatch(/^bug: BUG_ON/);
  });
  test('refuses what C would not compile', () => {
    expect(run(insert(0, Number.NaN))).toMatch(/^exception: TypeError: vmf_insert_pfn: pfn is NaN/);
  });
  test('2.5 idempotent: inserts of all pages by two CPUs are safe', () => {
    const all = (machine: Machine) => inTurn(machine, insert(0), insert(1));
    expect(explore(programOf({ A: all, B: all })).verdict).toBe('holds');
    expect(ends({ A: all, B: all }, table)).toEqual(['01']);
  });
  test('2.5 idempotent: never replaces, so it flushes no TLB', () => {
    const code = (machine: Machine) => inTurn(machine, insert(0), insert(0, 1), insert(0));
    const { steps } = replay(programOf({ A: code }, { tlb: 'modelled' }), '');
    const writes = steps.filter(({ operation }) => /set_pte|clear|flush/.test(operation));
    expect(writes.map(({ operation }) => operation.split('(')[0])).toEqual(['set_pte_at']);
  });
});

describe('insert_pfn', () => {
  /** Inserts into page 0 a frame of the BAR, or the one given. */
  const insertInto = (page: number, mkwrite: boolean, change = (flags: number) => flags, pfn?: number) =>
    function* (machine: Machine): Kernel<number> {
      const vma = { ...v(machine), vm_flags: change(v(machine).vm_flags) };
      const prot = vma.vm_page_prot & ~_PAGE_RW;
      return yield* insert_pfn(vma, vma.vm_start, pfn ?? vma.vm_pgoff + page, prot, mkwrite);
    };
  const found = (...codes: ((machine: Machine) => Kernel<number>)[]) =>
    ends({ A: (machine) => inTurn(machine, ...codes) }, (machine, now) => {
      const pte = machine.pages[0] ? now.get(machine.pages[0].pte) : 0;
      const has = (flag: number, letter: string) => (pte & flag ? letter : '');
      const flags = has(_PAGE_ACCESSED, 'y') + has(_PAGE_DIRTY, 'd') + has(_PAGE_RW, 'w');
      const frame = pte_pfn(pte) === zero_pfn ? 'zero' : pte_pfn(pte) - v(machine).vm_pgoff;
      return `${now.returned('A')} ${frame}${pte_special(pte) ? ' special' : ''} ${flags}`;
    });
  const noWrite = (flags: number) => flags & ~VM_WRITE;
  const [first, other] = [insertInto(0, false), insertInto(1, false)];

  test.each([
    ['2.5 empty, mkwrite false: a special entry, NOPAGE', [first], '0x100 0 special '],
    ['2.5 same PFN, mkwrite false: left untouched, NOPAGE', [insertInto(0, true), first], '0x100,0x100 0 special ydw'],
    ['2.5 different PFN, mkwrite false: left untouched, no warning, NOPAGE', [first, other], '0x100,0x100 0 special '],
    ['2.5 empty, mkwrite true: also young, dirty, writable', [insertInto(0, true)], '0x100 0 special ydw'],
    [
      '2.5 same PFN, mkwrite true: made young, dirty, writable',
      [first, insertInto(0, true)],
      '0x100,0x100 0 special ydw',
    ],
    [
      '2.5 same PFN, mkwrite true: in a vma that may not be written, not writable',
      [first, insertInto(0, true, noWrite)],
      '0x100,0x100 0 special yd',
    ],
    [
      '2.5 empty, mkwrite true: in a vma that may not be written, not writable',
      [insertInto(0, true, noWrite)],
      '0x100 0 special yd',
    ],
    [
      '2.5 different PFN, mkwrite true: of the page of zeros no warning, and it stays',
      [insertInto(0, false, (flags) => flags, zero_pfn), insertInto(0, true)],
      '0x100,0x100 zero special ',
    ],
  ])('%s', (_line, codes, expected) => expect(found(...codes)).toEqual([expected]));

  test('2.5 different PFN, mkwrite true: left untouched, WARN, NOPAGE', () => {
    expect(found(first, insertInto(1, true))).toEqual(['0x100,0x100 0 special ', 'warning: insert_pfn (mm/memory.c)']);
  });
  test('2.5 no table: OOM', () => {
    const failing = { pageTables: 'on demand', fail: { A: { allocations: [3] } } } as const;
    expect(run(first, failing)).toBe(VM_FAULT_OOM);
  });
  test('2.5 track_pfn_insert: x86 only looks up how a frame is cached, and reserves nothing', () => {
    const reserved = (machine: Machine, now: Snapshot) => now.get(machine.vdev.pdev.memtypes ?? expect.fail());
    expect(ends({ A: insert(0) }, reserved, { memtypes: 'tracked' })).toEqual(['']);
    const { steps } = replay(programOf({ A: insert(0) }, { memtypes: 'tracked' }), '');
    expect(steps.filter(({ operation }) => /memtype/.test(operation))).toHaveLength(1);
  });
});
