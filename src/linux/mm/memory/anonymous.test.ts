import { describe, expect, test } from 'vitest';
import { explore, replay, type Snapshot } from '#explore';
import {
  pte_dirty,
  pte_pfn,
  pte_special,
  pte_write,
  pte_young,
  set_pte_at,
} from '../../arch/x86/include/asm/pgtable.ts';
import { userAccess } from '../../cpu.ts';
import { fault, munmap, write } from '../../deeds/index.ts';
import type { WorldDescription } from '../../description.ts';
import { generations } from '../../drivers/vfio/pci/generations/index.ts';
import { VM_SHARED } from '../../include/linux/mm.ts';
import { type page, VM_FAULT_OOM, VM_FAULT_SIGBUS, type vm_area_struct } from '../../include/linux/mm_types.ts';
import { spin_lock, spin_unlock } from '../../kernel/locking/spinlock.ts';
import type { Kernel } from '../../kernel.ts';
import type { Machine, MappedPage } from '../../machine.ts';
import { lostWrite } from '../../ramRules.ts';
import { ends, kindsOf, run } from '../../testing.ts';
import { simulate } from '../../world.ts';
import { alloc_page } from '../page_alloc.ts';
import { do_anonymous_page, writtenTo } from './anonymous.ts';
import { pte_lockptr } from './tables.ts';

const anonymous: Omit<WorldDescription, 'tasks'> = { vmas: { a: { anonymous: 1, process: 'p' } } };
const exploring = (tasks: WorldDescription['tasks'], changes: Partial<WorldDescription> = {}) =>
  explore(simulate({ ...anonymous, tasks, ...changes }, generations.v5_14), { stopAt: 'never' });

/** What the only page maps, and how. */
function mapped({ pages, ram }: Machine, now: Snapshot): string {
  const entry = now.get((pages[0] as MappedPage).pte);
  const flags = [pte_write(entry) && 'writable', pte_dirty(entry) && 'dirty', pte_young(entry) && 'young'];
  return [ram?.pages[pte_pfn(entry)]?.name, pte_special(entry) && 'special', ...flags].filter(Boolean).join(' ');
}
const ended = (tasks: WorldDescription['tasks'], changes: Partial<WorldDescription> = {}) => {
  const program = simulate({ ...anonymous, tasks, ...changes }, generations.v5_14);
  return Object.keys(explore({ ...program, outcome: mapped }, { stopAt: 'never' }).outcomes);
};

describe('section 5, anonymous memory', () => {
  test('reader maps the shared zero page as a special PTE', () => {
    expect(ended({ A: fault('a', 0) })).toEqual(['zero page special young']);
    expect(ended({ A: fault('a', 0), B: fault('a', 0) })).toEqual(['zero page special young']);
  });
  test('writer maps a page of its own', () => {
    expect(ended({ A: write('a', 0) })).toEqual(['page A.1 writable dirty young']);
  });
  test('writer allocates first, then ptl, then re-check', () => {
    const { steps } = replay(simulate({ ...anonymous, tasks: { A: write('a', 0) } }, generations.v5_14), '');
    const told = steps.flatMap(({ operation, plain }) => [operation, ...plain.map((each) => each.operation)]);
    const names = told.map((each) => each.replace(/\(.*/, '')).filter((each) => each !== 'find_vma');
    expect(names).toEqual([
      'walk',
      'down_read',
      'READ_ONCE',
      'alloc_page',
      'spin_lock',
      'pte_none',
      'set_pte_at',
      'spin_unlock',
      'up_read',
      'walk',
      'writes page A.1',
    ]);
  });
  test('loser frees its page and returns 0: two CPUs at once, losing is not an error', () => {
    const found = exploring({ A: write('a', 0), B: write('a', 0) });
    expect([found.verdict, ...Object.keys(found.outcomes)]).toEqual(['holds', 'A mapped, B mapped']);
    expect(ended({ A: write('a', 0), B: write('a', 0) })).toEqual([
      'page A.1 writable dirty young',
      'page B.1 writable dirty young',
    ]);
  });
  test('a reader and a writer at once: the writer gets its page, if need be in place of the zero page', () => {
    const found = exploring({ A: fault('a', 0), B: write('a', 0) });
    expect([found.verdict, ...Object.keys(found.outcomes)]).toEqual(['holds', 'A mapped, B mapped']);
    expect(ended({ A: fault('a', 0), B: write('a', 0) })).toEqual([
      'page B.1 writable dirty young',
      'page B.2 writable dirty young', // B.1 lost to the zero page
    ]);
  });
  test('three CPUs, and each write is there in the end', () => {
    expect(exploring({ A: write('a', 0), B: write('a', 0), C: write('a', 0) }).verdict).toBe('holds');
  });
  test('without the re-check a write is lost', () => {
    /** Two faults that look at nothing under ptl, each with the write that it was for. */
    const careless = (cpu: number) =>
      function* (machine: Machine): Kernel {
        const { mm, vma, pte, pmd, address } = machine.pages[0] as MappedPage;
        const page = (yield* alloc_page()) as page;
        yield* spin_lock(pte_lockptr(pmd));
        yield* set_pte_at(pte, writtenTo(page, vma as vm_area_struct));
        yield* spin_unlock(pte_lockptr(pmd));
        yield* userAccess({ mm, address, isWrite: true, cpu, pdevs: [], unanswered: 'all ones', stopped: null });
      };
    const world = { ...anonymous, tasks: { A: write('a', 0), B: write('a', 0) } };
    const lost = (machine: Machine, now: Snapshot) => lostWrite(machine, now, world) ?? 'nothing lost';
    expect(ends({ A: careless(0), B: careless(1) }, lost, world)).toEqual([
      'A has written to a[0] of p, and page B.1 does not have it',
      'B has written to a[0] of p, and page A.1 does not have it',
      'nothing lost',
    ]);
  });
  test('munmap gives the pages back', () => {
    const found = exploring({ A: [write('a', 0), munmap('a')], B: fault('a', 0) });
    expect([found.verdict, ...Object.keys(found.outcomes)]).toEqual([
      'holds',
      'A unmapped, B SIGSEGV',
      'A unmapped, B mapped',
    ]);
  });
});

describe('do_anonymous_page', () => {
  const direct = (change: (vma: vm_area_struct) => vm_area_struct) => (machine: Machine) => {
    const { vma, pte, pmd, pud, address } = machine.pages[0] as MappedPage;
    return do_anonymous_page({ vma: change(vma as vm_area_struct), address, pgoff: 0, flags: 1, pud, pmd, pte });
  };
  const world = { ...anonymous, tasks: { A: write('a', 0) } };

  test('a shared vma: SIGBUS', () => {
    const code = direct((vma) => ({ ...vma, vm_flags: vma.vm_flags | VM_SHARED }));
    expect(run(code, world)).toBe(VM_FAULT_SIGBUS);
  });
  test('no memory for the page: OOM', () => {
    expect(
      run(
        direct((vma) => vma),
        { ...world, fail: { A: { allocations: [1] } } },
      ),
    ).toBe(VM_FAULT_OOM);
  });
  test('no memory for the table: OOM', () => {
    const onDemand = { ...world, pageTables: 'on demand', fail: { A: { allocations: [1] } } } as const;
    expect(
      run(
        direct((vma) => vma),
        onDemand,
      ),
    ).toBe(VM_FAULT_OOM);
  });
  test.each([1, 2, 3, 4])('allocation %d of tables and page fails: the next try gets through', (allocation) => {
    const found = exploring(
      { A: write('a', 0) },
      { pageTables: 'on demand', fail: { A: { allocations: [allocation] } } },
    );
    expect([found.verdict, ...Object.keys(found.outcomes)]).toEqual(['holds', 'A mapped']);
  });
  test('no memory ever: faults for ever', () => {
    const found = exploring({ A: write('a', 0) }, { fail: { A: { allocations: 'all' } } });
    expect(kindsOf(found)).toEqual([expect.stringMatching(/^livelock/)]);
  });
});

test('a vma that asks for no RAM has none of it: the machine has no frames', () => {
  let ram: unknown;
  run(function* (machine) {
    ram = machine.ram;
  });
  expect(ram).toBeNull();
});
