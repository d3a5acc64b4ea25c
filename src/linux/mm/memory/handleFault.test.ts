import { describe, expect, test } from 'vitest';
import { explore, replay, type Snapshot } from '#explore';
import { PAGE_SIZE } from '../../arch/x86/include/asm/page_types.ts';
import { pte_pfn, type pte_t, TABLE, type UpperValue } from '../../arch/x86/include/asm/pgtable.ts';
import { fault, write } from '../../deeds/index.ts';
import type { WorldDescription } from '../../description.ts';
import { generations } from '../../drivers/vfio/pci/generations/index.ts';
import { PMD_ORDER, PUD_ORDER } from '../../include/linux/huge_mm.ts';
import * as mm_h from '../../include/linux/mm.ts';
import {
  VM_FAULT_FALLBACK,
  VM_FAULT_NOPAGE,
  VM_FAULT_OOM,
  VM_FAULT_SIGBUS,
  VM_FAULT_SIGSEGV,
  type vm_area_struct,
} from '../../include/linux/mm_types.ts';
import type { Kernel } from '../../kernel.ts';
import type { Machine } from '../../machine.ts';
import { ends, oneVma, run } from '../../testing.ts';
import { simulate } from '../../world.ts';
import { vmf_insert_pfn_pmd, vmf_insert_pfn_pud } from '../huge_memory.ts';
import { handle_mm_fault, vmf_insert_pfn } from '../memory.ts';

const v = ({ vmas }: Machine) => vmas.v as vm_area_struct;
const FIRST = 0x40000;
/** A BAR of 1 GiB, of which page 1 has an entry. */
const gigabyte = {
  bars: { bar0: { pages: 0x40000, pfn: FIRST } },
  vmas: { v: { bar: 'bar0', process: 'p', at: 0x40000000 } },
  tasks: { A: fault('v', 1), B: fault('v', 1) },
} as const;
const { v6_12 } = generations;
const insertOne = (vmf: mm_h.vm_fault) => vmf_insert_pfn(vmf.vma, vmf.address, FIRST + 1);
const driver = (ops: mm_h.vm_operations_struct) => ({ ...v6_12, vm_ops: { ...v6_12.vm_ops, ...ops } });
const touching =
  (flags = 0, change: Partial<vm_area_struct> = {}) =>
  (machine: Machine): Kernel<number> =>
    handle_mm_fault({ ...v(machine), ...change }, v(machine).vm_start + PAGE_SIZE, flags);

const shown = (value: UpperValue) =>
  value === TABLE ? 'table' : value === 0 ? '-' : `0x${pte_pfn(value).toString(16)}`;
/** What stands in the pud, the pmd and the lowest entry of page 1. */
function stands({ pages: [first] }: Machine, now: Snapshot): string {
  if (!first?.pud.value || !first.pmd.value) return 'tables from the start';
  return [now.get(first.pud.value), now.get(first.pmd.value), now.get<pte_t>(first.pte)].map(shown).join(' ');
}
const told = (machine: Machine, now: Snapshot) => `${now.returned('A')}: ${stands(machine, now)}`;

describe('2.3 handle_mm_fault: flag sanity', () => {
  const handled = (vm_flags: number, flags: number, kernel: string) =>
    ends({ A: touching(flags, { vm_flags }) }, (_machine, now) => String(now.returned('A')), { kernel });
  const readOnly = mm_h.VM_SHARED | mm_h.VM_PFNMAP;
  const { FAULT_FLAG_WRITE } = mm_h;

  test('a write to a vma without VM_MAYWRITE: WARN and SIGSEGV', () => {
    expect(handled(readOnly, FAULT_FLAG_WRITE, '6.12')).toEqual([
      `${VM_FAULT_SIGSEGV}`,
      expect.stringMatching(/^warning: a write fault on a vma without VM_MAYWRITE/),
    ]);
  });
  test('not if it is a read, if it may become writable, or before v6.2', () => {
    const isRefused = (...given: Parameters<typeof handled>) => handled(...given).includes(`${VM_FAULT_SIGSEGV}`);
    expect(isRefused(readOnly, FAULT_FLAG_WRITE, '6.2')).toBe(true);
    expect(isRefused(readOnly, 0, '6.12')).toBe(false);
    expect(isRefused(readOnly | mm_h.VM_MAYWRITE, FAULT_FLAG_WRITE, '6.12')).toBe(false);
    expect(isRefused(readOnly, FAULT_FLAG_WRITE, '6.1')).toBe(false);
  });
});

describe('2.3 __handle_mm_fault', () => {
  const declining = (asked: number[] = []) => ({
    fault: insertOne,
    *huge_fault(_vmf: mm_h.vm_fault, order: number) {
      asked.push(order);
      return VM_FAULT_FALLBACK;
    },
  });
  const failing = (allocation: number) => ({
    ...gigabyte,
    pageTables: 'on demand' as const,
    fail: { A: { allocations: [allocation] } },
  });

  test.each([
    ['the pud table', 1, []],
    ['the pmd table', 2, [PUD_ORDER]],
  ])('no memory for %s: OOM', (_name, allocation, orders) => {
    const asked: number[] = [];
    expect(run(touching(), failing(allocation), driver(declining(asked)))).toBe(VM_FAULT_OOM);
    expect([...new Set(asked)]).toEqual(orders);
  });
  test('an empty pud: huge_fault(PUD_ORDER); then an empty pmd: huge_fault(PMD_ORDER); then handle_pte_fault', () => {
    const asked: number[] = [];
    expect(ends({ A: touching() }, told, gigabyte, driver(declining(asked)))).toEqual([
      `${VM_FAULT_NOPAGE}: table table 0x40001`,
    ]);
    expect([...new Set(asked)]).toEqual([PUD_ORDER, PMD_ORDER]);
  });
  test.each([
    ['PUD', PUD_ORDER],
    ['PMD', PMD_ORDER],
  ])('THP rules forbid it at %s: not asked', (_name, order) => {
    const asked: number[] = [];
    run(
      function* (machine: Machine) {
        const { vm_flags } = v(machine);
        yield* touching(0, { vm_flags: vm_flags | mm_h.VM_NOHUGEPAGE })(machine);
      },
      gigabyte,
      driver(declining(asked)),
    );
    expect(asked).not.toContain(order);
  });
  test.each([
    ['PUD', PUD_ORDER, 'SIGBUS', VM_FAULT_SIGBUS, '- - -'],
    ['PUD', PUD_ORDER, 'OOM', VM_FAULT_OOM, '- - -'],
    ['PUD', PUD_ORDER, 'NOPAGE', VM_FAULT_NOPAGE, '- - -'],
    ['PMD', PMD_ORDER, 'SIGBUS', VM_FAULT_SIGBUS, 'table - -'],
    ['PMD', PMD_ORDER, 'OOM', VM_FAULT_OOM, 'table - -'],
    ['PMD', PMD_ORDER, 'NOPAGE', VM_FAULT_NOPAGE, 'table - -'],
  ])('at %s anything but FALLBACK returns (%#)', (_name, order, _bit, answer, left) => {
    const huge_fault = function* (_vmf: mm_h.vm_fault, each: number) {
      return each === order ? answer : VM_FAULT_FALLBACK;
    };
    expect(ends({ A: touching() }, told, gigabyte, driver({ fault: insertOne, huge_fault }))).toEqual([
      `${answer}: ${left}`,
    ]);
  });
  test.each([
    ['PUD', vmf_insert_pfn_pud, '0x40000 - -'],
    ['PMD', vmf_insert_pfn_pmd, 'table 0x40000 -'],
  ] as const)('a leaf at %s that needs no write fix: 0, and nobody is asked', (_name, insert, left) => {
    const asked: number[] = [];
    const A = function* (machine: Machine): Kernel<number> {
      const { pud, pmd, pte } = machine.pages[0] as Machine['pages'][number];
      const vma = v(machine);
      const vmf = { vma, address: vma.vm_start, pgoff: vma.vm_pgoff, flags: 0, pud, pmd, pte };
      yield* insert(vmf, FIRST, false);
      return yield* touching(mm_h.FAULT_FLAG_WRITE)(machine);
    };
    expect(ends({ A }, told, gigabyte, driver(declining(asked)))).toEqual([`0: ${left}`]);
    expect(asked).not.toContain(PMD_ORDER);
  });
  test('the pud became a leaf while the pmd table was being made: retry, and it is found', () => {
    /** A maps 1 GiB; B has declined to, before it has its pmd table. */
    const huge_fault = function* (vmf: mm_h.vm_fault, order: number): Kernel<number> {
      if (order !== PUD_ORDER || !(vmf.flags & mm_h.FAULT_FLAG_WRITE)) return VM_FAULT_FALLBACK;
      return yield* vmf_insert_pfn_pud(vmf, FIRST, false);
    };
    const both = (machine: Machine, now: Snapshot) =>
      `${now.returned('A')} ${now.returned('B')} ${stands(machine, now)}`;
    const found = ends(
      { A: touching(mm_h.FAULT_FLAG_WRITE), B: touching() },
      both,
      gigabyte,
      driver({ fault: insertOne, huge_fault }),
    );
    expect(found).toContain('256 0 0x40000 - -');
    expect(found.filter((each) => each.startsWith('256 256 0x'))).toEqual([]);
  });
});

describe('2.3 handle_pte_fault', () => {
  const world = (changes: Partial<WorldDescription> = {}): WorldDescription => ({
    ...oneVma,
    tasks: { A: fault('v', 0) },
    ...changes,
  });
  const called = (description: WorldDescription, schedule = '') =>
    new Set(
      replay(simulate(description, generations.v6_10), schedule)
        .steps.filter(({ task }) => task === 'A')
        .flatMap(({ stack }) => stack.map((each) => each.function)),
    );
  test('PTE empty -> do_fault, for a driver’s vma; do_anonymous_page, for anonymous memory', () => {
    expect(called(world())).toContain('do_fault');
    expect(called(world())).not.toContain('do_anonymous_page');
    const anonymous = { vmas: { a: { anonymous: 1, process: 'p' } }, tasks: { A: write('a', 0) } };
    expect(called(anonymous)).toContain('do_anonymous_page');
    expect(called(anonymous)).not.toContain('do_fault');
  });
  test('PMD empty -> the same, without a look at the PTE', () => {
    const { steps } = replay(simulate(world({ pageTables: 'on demand' }), generations.v6_10), '');
    const operations = steps.map(({ operation }) => operation);
    const asked = operations.indexOf('down_read(memory_lock)');
    expect(operations.slice(0, asked)).not.toContain('pte_none(v[0])');
    expect(called(world({ pageTables: 'on demand' }))).toContain('do_fault');
  });
  test('0 where someone else did it: the driver is not asked', () => {
    // A has faulted, and before it looks at the entry, B has made it.
    const tasks = { A: fault('v', 0), B: fault('v', 0) };
    expect(called(world({ tasks }), 'A2-B12-A')).not.toContain('do_fault');
    expect(called(world({ tasks }), 'A2-B12-A')).toContain('handle_pte_fault');
  });
  test('the window of 2021: the look without a lock comes before the driver’s first lock', () => {
    const { steps } = replay(simulate(world(), generations.v5_14), '');
    const at = (operation: string) => steps.findIndex((each) => each.operation.startsWith(operation));
    const look = steps[at('pte_none')];
    expect(look?.locks).toEqual(['mmap_lock']);
    expect(at('pte_none')).toBeLessThan(at('mutex_lock(vma_lock)'));
    const found = explore(simulate(world({ tasks: { A: fault('v', 0), B: fault('v', 0) } }), generations.v5_8));
    expect(found.violation?.kind).toBe('bug');
  });
});
