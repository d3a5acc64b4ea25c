import { describe, expect, test } from 'vitest';
import { explore, type Snapshot } from '#explore';
import { PAGE_SIZE } from '../../arch/x86/include/asm/page_types.ts';
import { pte_pfn } from '../../arch/x86/include/asm/pgtable.ts';
import { VM_MAYWRITE, VM_MIXEDMAP, VM_PFNMAP, VM_SHARED } from '../../include/linux/mm.ts';
import { VM_FAULT_NOPAGE, VM_FAULT_OOM, VM_FAULT_SIGBUS, type vm_area_struct } from '../../include/linux/mm_types.ts';
import type { Kernel } from '../../kernel.ts';
import type { Machine } from '../../machine.ts';
import { ends, programOf, run } from '../../testing.ts';
import { vmf_insert_pfn } from './insert.ts';

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
  test('an empty slot: writes the entry, NOPAGE', () => {
    expect(run(insert(0))).toBe(VM_FAULT_NOPAGE);
    expect(ends({ A: insert(1) }, table)).toEqual(['-1']);
  });
  test('the same frame: untouched, NOPAGE', () => {
    expect(run((machine) => inTurn(machine, insert(0), insert(0)))).toBe('0x100,0x100');
  });
  test('another frame: untouched, without a warning, NOPAGE: it never replaces', () => {
    const code = (machine: Machine) => inTurn(machine, insert(0, 1), insert(0, 0));
    expect(run(code)).toBe('0x100,0x100');
    expect(ends({ A: code }, table)).toEqual(['1-']);
  });
  test('outside the vma: SIGBUS', () => {
    expect(run(insert(2))).toBe(VM_FAULT_SIGBUS);
    expect(run(insert(-1))).toBe(VM_FAULT_SIGBUS);
  });
  test('a frame that the task may not map: SIGBUS', () => {
    expect(run(insert(1), { fail: { A: { remapAtPage: 1 } } })).toBe(VM_FAULT_SIGBUS);
    expect(run(insert(0), { fail: { A: { remapAtPage: 1 } } })).toBe(VM_FAULT_NOPAGE);
  });
  test.each([1, 2, 3])('no memory for table %d: OOM', (allocation) => {
    expect(run(insert(0), { pageTables: 'on demand', fail: { A: { allocations: [allocation] } } })).toBe(VM_FAULT_OOM);
  });
  test('two CPUs, one slot: the first one wins, and both succeed', () => {
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
  ])('BUGs on %s', (_name, change, told) => {
    const message = run(withFlags(change));
    expect(message).toMatch(/^bug: BUG_ON\(\): vmf_insert_pfn_prot/);
    expect(message).toContain(told);
  });
  test('refuses what C would not compile', () => {
    expect(run(insert(0, Number.NaN))).toMatch(/^exception: TypeError: vmf_insert_pfn: pfn is NaN/);
  });
  test('inserts of all pages by two CPUs are safe', () => {
    const all = (machine: Machine) => inTurn(machine, insert(0), insert(1));
    expect(explore(programOf({ A: all, B: all })).verdict).toBe('holds');
  });
});
