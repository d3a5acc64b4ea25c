import { describe, expect, test } from 'vitest';
import { explore, replay } from '#explore';
import { fault, write } from '../deeds/index.ts';
import { driverWith } from '../drivers/vfio/pci/generations/index.ts';
import type { vm_fault } from '../include/linux/mm.ts';
import {
  VM_FAULT_DONE_COW,
  VM_FAULT_FALLBACK,
  VM_FAULT_HWPOISON,
  VM_FAULT_HWPOISON_LARGE,
  VM_FAULT_LOCKED,
  VM_FAULT_MAJOR,
  VM_FAULT_NOPAGE,
  VM_FAULT_OOM,
  VM_FAULT_RETRY,
  VM_FAULT_SIGBUS,
  VM_FAULT_SIGSEGV,
} from '../include/linux/mm_types.ts';
import { up_read } from '../kernel/locking/rwsem.ts';
import { kindsOf, oneVma } from '../testing.ts';
import { simulate } from '../world.ts';
import { vmf_insert_pfn } from './memory.ts';

const rules = ['live mapping', 'outside the BAR', 'wrong page'] as const;

/** How an access ends with this handler: its outcomes, and what went wrong. */
function accessWith(handler: Parameters<typeof driverWith>[0]['fault'], tasks = { A: fault('v', 1) }): string[] {
  const found = explore(simulate({ ...oneVma, tasks }, driverWith({ fault: handler }), { rules }), { stopAt: 'never' });
  return [...Object.keys(found.outcomes), ...kindsOf(found)];
}

const insertOne = (vmf: vm_fault) => vmf_insert_pfn(vmf.vma, vmf.address, vmf.pgoff);
const answering = (answer: number) =>
  function* () {
    return answer;
  };

describe('a fault', () => {
  test('names the page: vma, address, pgoff, flags', () => {
    const seen: unknown[] = [];
    accessWith((vmf) => {
      seen.push([vmf.vma.name, vmf.address - vmf.vma.vm_start, vmf.pgoff - vmf.vma.vm_pgoff, vmf.flags & 1]);
      return insertOne(vmf);
    });
    expect(seen[0]).toEqual(['v', 0x1000, 1, 0]);
  });
  test('of a write says so', () => {
    let flags = 0;
    accessWith(
      (vmf) => {
        flags = vmf.flags;
        return insertOne(vmf);
      },
      { A: write('v', 1) },
    );
    expect(flags & 1).toBe(1);
  });
  test('is tried again once there is an entry', () => expect(accessWith(insertOne)).toEqual(['A mapped']));
});

describe('what becomes of the answer', () => {
  test.each([
    ['2.2 SIGBUS: the signal', VM_FAULT_SIGBUS, 'A SIGBUS'],
    ['2.2 HWPOISON: SIGBUS', VM_FAULT_HWPOISON, 'A SIGBUS'],
    ['2.2 HWPOISON: _LARGE, SIGBUS', VM_FAULT_HWPOISON_LARGE, 'A SIGBUS'],
    ['2.2 SIGSEGV: the signal', VM_FAULT_SIGSEGV, 'A SIGSEGV'],
    ['2.2 SIGBUS: wins over SIGSEGV', VM_FAULT_SIGBUS | VM_FAULT_SIGSEGV, 'A SIGBUS'],
  ])('%s', (_name, answer, outcome) => expect(accessWith(answering(answer))).toEqual([outcome]));

  test.each([
    ['2.2 NOPAGE: nothing mapped', VM_FAULT_NOPAGE],
    ['2.2 OOM: kills nobody by itself', VM_FAULT_OOM],
    ['2.2 OOM: wins over SIGBUS', VM_FAULT_OOM | VM_FAULT_SIGBUS],
    ['2.2 DONE_COW: nothing mapped', VM_FAULT_DONE_COW],
  ])('%s: the same fault for ever', (_name, answer) => {
    expect(accessWith(answering(answer))).toEqual([expect.stringMatching(/^livelock/)]);
  });

  test.each([
    ['0: nothing said', 0],
    ['2.2 MAJOR: alone', VM_FAULT_MAJOR],
    ['2.2 LOCKED: alone', VM_FAULT_LOCKED],
  ])('%s promises a page that these drivers do not bring', (_name, answer) => {
    expect(accessWith(answering(answer))).toEqual([
      'A never returned',
      'bug: NULL pointer dereference in __do_fault (mm/memory.c)',
    ]);
  });
  test('2.3 __do_fault: nothing at all, and the message says what was returned', () => {
    const { violation } = explore(
      simulate({ ...oneVma, tasks: { A: fault('v', 0) } }, driverWith({ fault: function* () {} as never })),
    );
    expect(violation?.message).toContain('->fault returned undefined');
  });
  test('2.2 FALLBACK: is a BUG', () => {
    expect(accessWith(answering(VM_FAULT_FALLBACK))).toContainEqual('bug: BUG()');
  });
  test('2.2 RETRY: with mmap_lock dropped, tried again', () => {
    const found = accessWith(function* (vmf) {
      yield* insertOne(vmf);
      yield* up_read(vmf.vma.vm_mm.mmap_lock);
      return VM_FAULT_RETRY;
    });
    expect(found).toEqual(['A mapped']);
  });
  test('2.2 RETRY: with mmap_lock still held, lock misuse', () => {
    const found = accessWith(function* (vmf) {
      yield* insertOne(vmf);
      return VM_FAULT_RETRY;
    });
    expect(found).toContainEqual(expect.stringMatching(/^lock misuse/));
  });
});

describe('2.3 handle_pte_fault: the look at the entry', () => {
  test('is a step of its own, before the first lock of the driver', () => {
    const { steps } = replay(
      simulate({ ...oneVma, tasks: { A: fault('v', 0) } }, driverWith({ fault: insertOne })),
      '',
    );
    const operations = steps.map(({ operation }) => operation.replace(/, .*/, ')'));
    expect(operations).toEqual([
      'walk(v[0])',
      'down_read(mmap_lock)',
      'pte_none(v[0])',
      'spin_lock(ptl of v)',
      'pte_none(v[0])',
      'set_pte_at(v[0])',
      'spin_unlock(ptl of v)',
      'up_read(mmap_lock)',
      'walk(v[0])',
    ]);
  });
  test("sees another CPU's entry, and leaves the driver alone", () => {
    const program = simulate(
      { ...oneVma, tasks: { A: fault('v', 0), B: fault('v', 0) } },
      driverWith({ fault: insertOne }),
    );
    const { steps } = replay(program, 'A2-B9-A');
    const ofA = steps.filter(({ task }) => task === 'A').map(({ operation }) => operation);
    expect(ofA).toEqual([
      'walk(v[0])',
      'down_read(mmap_lock)',
      'pte_none(v[0])',
      'spin_lock(ptl of v)',
      'spin_unlock(ptl of v)',
      'up_read(mmap_lock)',
      'walk(v[0])',
    ]);
  });
  test("its stack is the kernel's, innermost first", () => {
    const { steps } = replay(
      simulate({ ...oneVma, tasks: { A: fault('v', 0) } }, driverWith({ fault: insertOne })),
      '',
    );
    expect(steps[5]?.stack.map((frame) => `${frame.file} ${frame.function}`)).toEqual([
      'arch/x86/include/asm/pgtable.h set_pte_at',
      'mm/memory.c insert_pfn',
      'mm/memory.c vmf_insert_pfn_prot',
      'mm/memory.c vmf_insert_pfn',
      'mm/memory.c __do_fault',
      'mm/memory.c do_read_fault',
      'mm/memory.c do_fault',
      'mm/memory.c handle_pte_fault',
      'mm/memory.c __handle_mm_fault',
      'mm/memory.c handle_mm_fault',
      'arch/x86/mm/fault.c do_user_addr_fault',
      'arch/x86/mm/fault.c exc_page_fault',
    ]);
  });
});

describe('2.3 __handle_mm_fault: page tables on demand', () => {
  const changes = { ...oneVma, pageTables: 'on demand', tasks: { A: fault('v', 0) } } as const;
  const withFailing = (allocations: readonly number[] | 'all') =>
    explore(simulate({ ...changes, fail: { A: { allocations } } }, driverWith({ fault: insertOne }), { rules }), {
      stopAt: 'never',
    });

  test('are made by the fault', () => {
    const { steps } = replay(simulate(changes, driverWith({ fault: insertOne })), '');
    expect(steps.filter(({ operation }) => operation.includes('populate')).map(({ operation }) => operation)).toEqual([
      'pgd_populate(pgd[0], "table")',
      'pud_populate(pud[0], "table")',
      'pmd_populate(pmd[128], "table")',
    ]);
  });
  test.each([1, 2, 3, 4])('allocation %d fails: OOM, and the next try gets through', (allocation) => {
    const found = withFailing([allocation]);
    expect([found.verdict, ...Object.keys(found.outcomes)]).toEqual(['holds', 'A mapped']);
  });
  test('no memory ever: faults for ever', () =>
    expect(kindsOf(withFailing('all'))).toEqual([expect.stringMatching(/^livelock/)]));
  test('two CPUs make them together', () => {
    const program = simulate(
      { ...changes, tasks: { A: fault('v', 0), B: fault('v', 1) } },
      driverWith({ fault: insertOne }),
      { rules },
    );
    const found = explore(program, { stopAt: 'never' });
    expect([found.verdict, ...Object.keys(found.outcomes)]).toEqual(['holds', 'A mapped, B mapped']);
  });
});
