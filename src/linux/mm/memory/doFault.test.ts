import { describe, expect, test } from 'vitest';
import { replay, type Snapshot } from '#explore';
import { pte_pfn, pte_write, set_pte_at } from '../../arch/x86/include/asm/pgtable.ts';
import { fault, write } from '../../deeds/index.ts';
import type { WorldDescription } from '../../description.ts';
import { generations } from '../../drivers/vfio/pci/generations/index.ts';
import {
  FAULT_FLAG_VMA_LOCK,
  FAULT_FLAG_WRITE,
  type vm_fault,
  type vm_operations_struct,
} from '../../include/linux/mm.ts';
import {
  type page,
  VM_FAULT_DONE_COW,
  VM_FAULT_HWPOISON,
  VM_FAULT_LOCKED,
  VM_FAULT_NOPAGE,
  VM_FAULT_OOM,
  VM_FAULT_RETRY,
  VM_FAULT_SIGBUS,
  VM_FAULT_SIGSEGV,
  type vm_area_struct,
} from '../../include/linux/mm_types.ts';
import { lock_page } from '../../include/linux/pagemap.ts';
import type { Kernel } from '../../kernel.ts';
import type { Machine } from '../../machine.ts';
import { ends, run } from '../../testing.ts';
import { simulate } from '../../world.ts';
import { get_page } from '../swap.ts';
import { writtenTo } from './anonymous.ts';
import { __do_fault, do_fault } from './doFault.ts';
import { handle_mm_fault } from './handleFault.ts';
import { vmf_insert_pfn } from './insert.ts';

const WRITE = FAULT_FLAG_WRITE;
const READ = 0;

const fileOf = (shared: boolean): Partial<WorldDescription> => ({
  files: { f: 1 },
  vmas: { m: { file: 'f', process: 'p', shared } },
  tasks: { A: fault('m', 0), B: fault('m', 0) },
});
const shared = fileOf(true);
const owned = fileOf(false);

/** The only page of the file. */
const pageOf = ({ ram }: Machine) => ram?.files.f?.f_mapping.i_pages[0]?.initial as page;

/** A handler that brings the file's page, as most do. */
const bringing = (machine: Machine, answer = VM_FAULT_LOCKED) =>
  function* (vmf: vm_fault) {
    const page = pageOf(machine);
    yield* get_page(page);
    if (answer & VM_FAULT_LOCKED) yield* lock_page(page);
    vmf.page = page;
    return answer;
  };
const answering = (answer: number) =>
  function* () {
    return answer;
  };

/** A fault in the vma, with other methods. */
const faultWith = (machine: Machine, flags: number, ops: Partial<vm_operations_struct>) => {
  const vma = machine.vmas.m as vm_area_struct;
  return handle_mm_fault({ ...vma, vm_ops: { ...vma.vm_ops, ...ops } }, vma.vm_start, flags);
};

/** What is mapped, how; how often the file's page is counted, and whether it is locked; the copies that are there. */
function state(machine: Machine, now: Snapshot): string {
  const [mapped] = machine.pages;
  const entry = mapped ? now.get(mapped.pte) : 0;
  const right = pte_write(entry) ? 'rw' : 'r';
  const page = pageOf(machine);
  const held = page.ofFile ? now.holders(page.ofFile.lock) : [];
  const copies = machine.ram?.frames.A?.pages.filter((each) => now.get(each.memory) !== undefined) ?? [];
  const isTaken = now.get(machine.ram?.frames.A?.taken as never) as number;
  return [
    entry ? `${machine.ram?.pages[pte_pfn(entry)]?.name} ${right}` : 'nothing mapped',
    `count ${now.get(page._refcount)}`,
    ...(held.length > 0 ? ['locked'] : []),
    ...(isTaken > 0
      ? [`${copies.length === (machine.ram?.frames.A?.pages.length ?? 0) ? 'copy there' : 'copy freed'}`]
      : []),
  ].join(', ');
}

/** The answer, and what it has left. */
function leaves(
  flags: number,
  ops: (machine: Machine) => Partial<vm_operations_struct>,
  world: Partial<WorldDescription>,
): string[] {
  const code = (machine: Machine) => faultWith(machine, flags, ops(machine));
  return ends(
    { A: code },
    (machine, now) => `0x${Number(now.returned('A')).toString(16)}: ${state(machine, now)}`,
    world,
  );
}

/** The functions of mm/memory.c that one access of a mapping goes through. */
const way = (access: typeof fault, world: Partial<WorldDescription>) => {
  const program = simulate({ ...world, tasks: { A: access('m', 0) } } as WorldDescription, generations.v5_14);
  return new Set(replay(program, '').steps.flatMap(({ stack }) => stack.map((each) => each.function)));
};

describe('2.3 do_fault', () => {
  test('no `fault` op: PMD absent -> SIGBUS', () => {
    const found = leaves(READ, () => ({ fault: undefined as never }), { ...shared, pageTables: 'on demand' });
    expect(found).toEqual(['0x2: nothing mapped, count 1']);
  });
  test('no `fault` op: else re-look under ptl: empty -> SIGBUS', () => {
    expect(leaves(READ, () => ({ fault: undefined as never }), shared)).toEqual(['0x2: nothing mapped, count 1']);
  });
  test('no `fault` op: full -> NOPAGE', () => {
    const code = function* (machine: Machine): Kernel<number> {
      const { vma, pte, pmd, pud, address } = machine.pages[0] as Machine['pages'][number];
      const without = { ...(vma as vm_area_struct), vm_ops: {} };
      yield* set_pte_at(pte, writtenTo(pageOf(machine), without));
      return yield* do_fault({ vma: without, address, pgoff: 0, flags: 0, pud, pmd, pte });
    };
    expect(run(code, shared)).toBe(VM_FAULT_NOPAGE);
  });
  test('no `fault` op: filled since the look without a lock -> NOPAGE', () => {
    const driver = { ...generations.v5_14, vm_ops: {} as (typeof generations.v5_14)['vm_ops'] };
    const v = ({ vmas }: Machine) => vmas.v as vm_area_struct;
    const A = (machine: Machine) => handle_mm_fault(v(machine), v(machine).vm_start, 0);
    const B = (machine: Machine) => vmf_insert_pfn(v(machine), v(machine).vm_start, v(machine).vm_pgoff);
    const told = (_machine: Machine, now: Snapshot) => String(now.returned('A'));
    // 0: the entry was there at the first look already.
    expect(ends({ A, B }, told, {}, driver)).toEqual(['0', `${VM_FAULT_SIGBUS}`, `${VM_FAULT_NOPAGE}`]);
  });
  test.each([
    ['Not a write -> do_read_fault', fault, owned, 'do_read_fault'],
    ['Not a write, shared -> do_read_fault', fault, shared, 'do_read_fault'],
    ['Write and not VM_SHARED -> do_cow_fault', write, owned, 'do_cow_fault'],
    ['Else do_shared_fault', write, shared, 'do_shared_fault'],
  ] as const)('%s', (_name, access, world, taken) => {
    const ways = ['do_read_fault', 'do_cow_fault', 'do_shared_fault'].filter((each) => way(access, world).has(each));
    expect(ways[0]).toBe(taken);
    expect(ways.length).toBe(1);
  });
});

/** Under the vma's lock, without `map_pages`: the handler is not asked. */
const underVmaLock = (flags: number, world: Partial<WorldDescription>) => {
  const never: vm_operations_struct['fault'] = () => {
    throw new Error('asked');
  };
  return leaves(flags | FAULT_FLAG_VMA_LOCK, () => ({ fault: never, map_pages: undefined as never }), world);
};

describe('2.3 do_read_fault', () => {
  test('vmf_can_call_fault first', () => {
    expect(underVmaLock(READ, shared)).toEqual(['0x400: nothing mapped, count 1']);
  });
  test.each([
    ['SIGBUS', VM_FAULT_SIGBUS],
    ['OOM', VM_FAULT_OOM],
    ['SIGSEGV', VM_FAULT_SIGSEGV],
    ['HWPOISON', VM_FAULT_HWPOISON],
    ['NOPAGE', VM_FAULT_NOPAGE],
    ['RETRY', VM_FAULT_RETRY],
  ])('on ERROR/NOPAGE/RETRY return: %s', (_name, answer) => {
    const found = leaves(READ, () => ({ fault: answering(answer) }), shared);
    expect(found).toEqual([`0x${answer.toString(16)}: nothing mapped, count 1`]);
  });
  test('else finish_fault: the page is mapped, counted, unlocked; its entry gives no right to write', () => {
    const found = leaves(READ, (machine) => ({ fault: bringing(machine) }), shared);
    expect(found).toEqual(['0x200: page f[0] r, count 2']);
  });
});

describe('2.3 do_cow_fault', () => {
  test('vmf_can_call_fault first, and no page is allocated', () => {
    expect(underVmaLock(WRITE, owned)).toEqual(['0x400: nothing mapped, count 1']);
  });
  test('in this order: new page, __do_fault, copy, finish', () => {
    const program = simulate({ ...owned, tasks: { A: write('m', 0) } } as WorldDescription, generations.v5_14);
    const told = replay(program, '').steps.flatMap(({ operation, plain }) => [
      operation,
      ...plain.map((each) => each.operation),
    ]);
    const order = ['alloc_page', 'i_size_read', 'copy_user_highpage', 'set_pte_at'];
    const names = told.map((each) => each.replace(/\(.*/, ''));
    expect([...new Set(names.filter((each) => order.includes(each)))]).toEqual(order);
  });
  test('never reached by a BAR: it is always shared', () => {
    const world = {
      bars: { bar0: 1 },
      vmas: { v: { bar: 'bar0', process: 'p' } },
      tasks: { A: write('v', 0) },
    } as const;
    for (const generation of [generations.v5_8, generations.v5_14, generations.v6_10, generations.v6_12]) {
      const { steps } = replay(simulate(world, generation), '');
      const called = new Set(steps.flatMap(({ stack }) => stack.map((each) => each.function)));
      expect(called).toContain('do_shared_fault');
      expect(called).not.toContain('do_cow_fault');
    }
  });
  test('new page, __do_fault, copy, finish: the copy is mapped, and the file keeps its page', () => {
    const found = leaves(WRITE, (machine) => ({ fault: bringing(machine) }), owned);
    expect(found).toEqual(['0x200: page A.1 rw, count 1, copy there']);
  });
  test('new page: OOM without asking the handler', () => {
    const never: vm_operations_struct['fault'] = () => {
      throw new Error('asked');
    };
    const found = leaves(WRITE, () => ({ fault: never }), { ...owned, fail: { A: { allocations: [1] } } });
    expect(found).toEqual(['0x1: nothing mapped, count 1']);
  });
  test.each([
    ['ERROR', VM_FAULT_SIGBUS],
    ['NOPAGE', VM_FAULT_NOPAGE],
    ['RETRY', VM_FAULT_RETRY],
  ])('%s: the new page is given back', (_name, answer) => {
    const found = leaves(WRITE, () => ({ fault: answering(answer) }), owned);
    expect(found).toEqual([`0x${answer.toString(16)}: nothing mapped, count 1, copy freed`]);
  });
  test('DONE_COW: the handler has dealt with the copy', () => {
    const found = leaves(WRITE, () => ({ fault: answering(VM_FAULT_DONE_COW) }), owned);
    expect(found).toEqual(['0x1000: nothing mapped, count 1, copy there']);
  });
});

describe('2.3 do_shared_fault', () => {
  const mkwrite =
    (answer: number, told: string[] = []) =>
    (machine: Machine): Partial<vm_operations_struct> => ({
      fault: bringing(machine),
      *page_mkwrite({ page }) {
        told.push((page as page).name);
        return answer;
      },
    });

  test('vmf_can_call_fault first', () => {
    expect(underVmaLock(WRITE, shared)).toEqual(['0x400: nothing mapped, count 1']);
  });
  test('if the op exists page_mkwrite: it is told of the page; then finish_fault, with the right to write', () => {
    const told: string[] = [];
    expect(leaves(WRITE, mkwrite(0, told), shared)).toEqual(['0x200: page f[0] rw, count 2']);
    expect(new Set(told)).toEqual(new Set(['page f[0]']));
  });
  test('without page_mkwrite finish_fault at once', () => {
    const ops = (machine: Machine) => ({ fault: bringing(machine), page_mkwrite: undefined as never });
    expect(leaves(WRITE, ops, shared)).toEqual(['0x200: page f[0] rw, count 2']);
  });
  test.each([
    ['ERROR', VM_FAULT_SIGBUS],
    ['NOPAGE', VM_FAULT_NOPAGE],
  ])('page_mkwrite says %s: the page is dropped, and nothing mapped', (_name, answer) => {
    expect(leaves(WRITE, mkwrite(answer), shared)).toEqual([`0x${answer.toString(16)}: nothing mapped, count 1`]);
  });
  test.each([
    ['ERROR', VM_FAULT_SIGBUS],
    ['RETRY', VM_FAULT_RETRY],
  ])('the handler says %s: page_mkwrite is not asked', (_name, answer) => {
    const told: string[] = [];
    const ops = (machine: Machine) => ({ ...mkwrite(0, told)(machine), fault: answering(answer) });
    expect(leaves(WRITE, ops, shared)).toEqual([`0x${answer.toString(16)}: nothing mapped, count 1`]);
    expect(told).toEqual([]);
  });
});

describe('2.3 __do_fault', () => {
  test.each([
    ['ERROR', VM_FAULT_SIGBUS],
    ['NOPAGE', VM_FAULT_NOPAGE],
    ['RETRY', VM_FAULT_RETRY],
    ['DONE_COW', VM_FAULT_DONE_COW],
  ])('%s goes straight up: the page is neither wanted nor locked', (_name, answer) => {
    const code = function* (machine: Machine): Kernel<number> {
      const { vma, pte, pmd, pud, address } = machine.pages[0] as Machine['pages'][number];
      const changed = { ...(vma as vm_area_struct), vm_ops: { fault: answering(answer) } };
      return yield* __do_fault({ vma: changed, address, pgoff: 0, flags: 0, pud, pmd, pte, page: pageOf(machine) });
    };
    expect(run(code, shared)).toBe(answer);
  });
  test('no table is allocated in advance where there is one', () => {
    const failing = { ...shared, fail: { A: { allocations: 'all' } } } as const;
    expect(leaves(READ, (machine) => ({ fault: bringing(machine) }), failing)).toEqual(['0x200: page f[0] r, count 2']);
  });
  test('if PMD empty, preallocate a PTE page (OOM)', () => {
    const never: vm_operations_struct['fault'] = () => {
      throw new Error('asked');
    };
    const world = { ...shared, pageTables: 'on demand', fail: { A: { allocations: [3] } } } as const;
    expect(leaves(READ, () => ({ fault: never }), world)).toEqual(['0x1: nothing mapped, count 1']);
  });
  test('otherwise there must be `vmf->page`: lock it, unless it is', () => {
    for (const answer of [0, VM_FAULT_LOCKED])
      expect(leaves(READ, (machine) => ({ fault: bringing(machine, answer) }), shared)).toEqual([
        '0x200: page f[0] r, count 2',
      ]);
  });
  test('otherwise there must be `vmf->page`: none', () => {
    expect(leaves(READ, () => ({ fault: answering(VM_FAULT_LOCKED) }), shared)).toContain(
      'bug: NULL pointer dereference in __do_fault (mm/memory.c)',
    );
  });
});

describe('2.3 finish_fault', () => {
  /** Two faults at once: how they end, and what is left. */
  const both = (flags: readonly [number, number], world: Partial<WorldDescription>) => {
    const code = (each: number) => (machine: Machine) => faultWith(machine, each, { fault: bringing(machine) });
    const hex = (value: unknown) => `0x${Number(value).toString(16)}`;
    return ends(
      { A: code(flags[0]), B: code(flags[1]) },
      (machine, now) =>
        `${hex(now.returned('A'))} ${hex(now.returned('B'))}: ${state(machine, now).replace(/, copy.*/, '')}`,
      world,
    );
  };

  test('takes ptl and re-checks: changed -> NOPAGE and the page is dropped', () => {
    // 0x200 made the entry; 0x300 lost at finish_fault; 0 saw the entry at its first look.
    expect(both([READ, READ], shared)).toEqual([
      '0x0 0x200: page f[0] r, count 2',
      '0x200 0x0: page f[0] r, count 2',
      '0x200 0x300: page f[0] r, count 2',
      '0x300 0x200: page f[0] r, count 2',
    ]);
  });
  test('the same of private copies: the one that lost is freed', () => {
    const found = both([WRITE, WRITE], owned);
    expect(found).toEqual([
      '0x0 0x200: page B.1 rw, count 1',
      '0x200 0x0: page A.1 rw, count 1',
      '0x200 0x300: page A.1 rw, count 1',
      '0x300 0x200: page B.1 rw, count 1',
    ]);
  });
});
