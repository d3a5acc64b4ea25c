/** The way into a fault: facts, tables 2.1 and 2.2. */

import { describe, expect, test } from 'vitest';
import { explore, replay } from '#explore';
import { surroundingsOf } from '../../../cpu.ts';
import { fault, kill, munmap, truncate, write } from '../../../deeds/index.ts';
import type { WorldDescription } from '../../../description.ts';
import type { Driver } from '../../../drivers/vfio/pci/driver.ts';
import { generations } from '../../../drivers/vfio/pci/generations/index.ts';
import * as mm_h from '../../../include/linux/mm.ts';
import * as types from '../../../include/linux/mm_types.ts';
import { mmap_write_lock, mmap_write_unlock } from '../../../include/linux/mmap_lock.ts';
import type { UserBuffer } from '../../../include/linux/uaccess.ts';
import { copy_from_user, copy_to_user } from '../../../include/linux/uaccess.ts';
import type { Kernel } from '../../../kernel.ts';
import type { Machine } from '../../../machine.ts';
import { vmf_insert_pfn } from '../../../mm/memory.ts';
import { kindsOf, oneVma, operationsOf, outcomesOf, programOf } from '../../../testing.ts';
import { simulate } from '../../../world.ts';
import { X86_PF_INSTR, X86_PF_USER, X86_PF_WRITE } from '../include/asm/trap_pf.ts';
import { do_user_addr_fault, type FaultEnd } from './fault.ts';

type Handler = (vmf: mm_h.vm_fault) => Kernel<types.vm_fault_t>;

const driver = (handler: Handler, ops: Partial<mm_h.vm_operations_struct> = {}): Driver => ({
  ...generations.v5_14,
  vm_ops: { ...generations.v5_14.vm_ops, fault: handler, ...ops },
});
const insertOne: Handler = (vmf) => vmf_insert_pfn(vmf.vma, vmf.address, vmf.pgoff);
/** A handler that drops the lock and answers so while `isTime`, given the flags; then it maps the page. `flags` are those that it was given. */
function answering(answer: number, isTime: (flags: number) => boolean) {
  const flags = new Set<number>();
  const handler: Handler = function* (vmf) {
    flags.add(vmf.flags);
    if (!isTime(vmf.flags)) return yield* insertOne(vmf);
    yield* mm_h.release_fault_lock(vmf);
    return answer;
  };
  return { handler, flags };
}
const isUnderVmaLock = (flags: number) => (flags & mm_h.FAULT_FLAG_VMA_LOCK) !== 0;
const isFirst = (flags: number) => !(flags & mm_h.FAULT_FLAG_TRIED);
const never = () => false;
/** Done, and the lock dropped. */
const complete: Handler = function* (vmf) {
  yield* insertOne(vmf);
  yield* mm_h.release_fault_lock(vmf);
  return types.VM_FAULT_COMPLETED | types.VM_FAULT_NOPAGE;
};

type Changes = Partial<WorldDescription>;
const programWith = (handler: Handler, changes: Changes, ops = {}) =>
  simulate({ ...oneVma, tasks: { A: fault('v', 0) }, ...changes }, driver(handler, ops), { rules: [] });

/** What A does in one run. */
function didOf(handler: Handler, changes: Changes = {}, ops = {}, schedule = '') {
  const { steps } = replay(programWith(handler, changes, ops), schedule);
  return steps.filter(({ task }) => task === 'A').map(({ operation }) => operation);
}

/** All ways in which it can end. */
function endsOf(handler: Handler, changes: Changes = {}, ops = {}) {
  const found = explore(programWith(handler, changes, ops), { stopAt: 'never' });
  return [...Object.keys(found.outcomes), ...kindsOf(found)];
}

/** The flags that the handler is given by one fault, of that error code. */
function flagsOf(error_code: number): number | undefined {
  const { handler, flags } = answering(0, never);
  replay(programOf({ A: (machine) => faultAt(machine, error_code) }, {}, undefined, driver(handler)), '');
  return [...flags][0];
}
const faultAt = ({ vmas: { v } }: Machine, error_code: number, hasFixup = false): Kernel<FaultEnd> =>
  do_user_addr_fault({ mm: v!.vm_mm, address: v!.vm_start, error_code, hasFixup });

const readOnly = { vmas: { v: { ...oneVma.vmas.v, prot: 'read' } } } as const;
/** A world in which vmas have locks: one task unmaps another vma. */
const locked = {
  kernel: '6.12',
  bars: { bar0: 1 },
  vmas: { ...oneVma.vmas, w: { bar: 'bar0', process: 'p' } },
  tasks: { A: fault('v', 0), M: munmap('w') },
} as const;
const mapPages = { map_pages: insertOne };

/** The first page of v. */
function bufferIn(machine: Machine): UserBuffer {
  const { vm_mm, vm_start } = machine.vmas.v as types.vm_area_struct;
  return { mm: vm_mm, address: vm_start, ...surroundingsOf(machine, 0) };
}

describe('2.1 step 1: the default flags', () => {
  const usual = mm_h.FAULT_FLAG_ALLOW_RETRY | mm_h.FAULT_FLAG_KILLABLE | mm_h.FAULT_FLAG_INTERRUPTIBLE;
  test.each([
    ['a read in kernel mode', 0, 0],
    ['USER', X86_PF_USER, mm_h.FAULT_FLAG_USER],
    ['WRITE', X86_PF_WRITE | X86_PF_USER, mm_h.FAULT_FLAG_WRITE | mm_h.FAULT_FLAG_USER],
    ['INSTRUCTION', X86_PF_INSTR | X86_PF_USER, mm_h.FAULT_FLAG_INSTRUCTION | mm_h.FAULT_FLAG_USER],
  ])('%s', (_name, error_code, more) => expect(flagsOf(error_code)).toBe(usual | more));
});

describe('2.1 step 2: under the lock of the vma', () => {
  test('only from user mode: a copy of the kernel goes to mmap_lock at once', () => {
    const program = programOf(
      { A: (machine) => copy_to_user(bufferIn(machine), 4) },
      { ...locked, tasks: { A: munmap('w') } },
      undefined,
      driver(insertOne),
    );
    expect(replay(program, '').steps[1]?.operation).toBe('down_read(mmap_lock)');
  });
  test('the handler runs under it, and it is given back when the handler is done', () => {
    const did = didOf(insertOne, locked, mapPages);
    expect(did.slice(0, 8)).toEqual([
      'walk(v[0])',
      'rcu_read_lock(rcu)',
      'rcu_dereference(v in mm_rb)',
      'down_read_trylock(vm_lock of v)',
      'mm_lock_seq(mm_lock_seq)',
      'rcu_read_unlock(rcu)',
      'pte_none(v[0])',
      'spin_lock(ptl of v)',
    ]);
    expect(did.slice(10, 13)).toEqual(['spin_unlock(ptl of v)', 'up_read(vm_lock of v)', 'walk(v[0])']);
  });
  test('rights are checked there too', () => {
    const tasks = { A: write('v', 0), M: munmap('w') };
    const world = { ...locked, vmas: { ...locked.vmas, ...readOnly.vmas }, tasks };
    expect(endsOf(insertOne, world, mapPages)).toEqual(['A SIGSEGV, M unmapped']);
    expect(didOf(insertOne, world, mapPages).slice(-3)).toEqual([
      'mm_lock_seq(mm_lock_seq)',
      'rcu_read_unlock(rcu)',
      'up_read(vm_lock of v)',
    ]);
  });
  test('2.2 COMPLETED: the handler has given it back', () => {
    expect(endsOf(complete, locked, mapPages)).toEqual(['A mapped, M unmapped']);
  });
  test.each([
    ['RETRY: on to mmap_lock, not TRIED', types.VM_FAULT_RETRY, 0],
    ['RETRY and MAJOR: TRIED', types.VM_FAULT_RETRY | types.VM_FAULT_MAJOR, mm_h.FAULT_FLAG_TRIED],
  ])('%s', (_name, answer, tried) => {
    const { handler, flags } = answering(answer, isUnderVmaLock);
    didOf(handler, locked, mapPages);
    expect([...flags].map((each) => each & (mm_h.FAULT_FLAG_VMA_LOCK | mm_h.FAULT_FLAG_TRIED))).toEqual([
      mm_h.FAULT_FLAG_VMA_LOCK,
      tried,
    ]);
  });
  test('RETRY with a fatal signal pending: not even mmap_lock', () => {
    const { handler, flags } = answering(types.VM_FAULT_RETRY, isUnderVmaLock);
    const world = { ...locked, tasks: { ...locked.tasks, K: kill('A') } };
    const did = didOf(handler, world, mapPages, 'A8-K');
    expect(did.slice(-3)).toEqual([
      'up_read(vm_lock of v)',
      ...Array(2).fill('fatal_signal_pending(fatal signal of A)'),
    ]);
    expect(flags.size).toBe(1);
  });
});

describe('2.1 step 3: under mmap_lock', () => {
  test('no vma: SIGSEGV', () => {
    expect(endsOf(insertOne, { tasks: { A: [munmap('v'), fault('v', 0)] } })).toEqual(['A SIGSEGV']);
  });
  test('a vma that forbids the write: SIGSEGV, and the handler is not asked', () => {
    const { handler, flags } = answering(0, never);
    expect(endsOf(handler, { ...readOnly, tasks: { A: write('v', 0) } })).toEqual(['A SIGSEGV']);
    expect(flags.size).toBe(0);
    expect(endsOf(handler, readOnly)).toEqual(['A mapped']);
  });
  test('a write through an entry that forbids it faults as well', () => {
    expect(endsOf(insertOne, { ...readOnly, tasks: { A: [fault('v', 0), write('v', 0)] } })).toEqual(['A SIGSEGV']);
  });
  test('kernel code without an exception-table entry does not wait for it', () => {
    const faultWith = (hasFixup: boolean) => {
      const program = programOf({
        A: (machine) => faultAt(machine, 0, hasFixup),
        M: function* ({ vmas: { v } }) {
          yield* mmap_write_lock(v!.vm_mm);
          yield* mmap_write_unlock(v!.vm_mm);
        },
      });
      const { steps, ending } = replay(program, hasFixup ? 'M3-A' : 'M2-A');
      return [steps.findLast(({ task }) => task === 'A')?.operation, ending.kind];
    };
    expect(faultWith(false)).toEqual(['down_read_trylock(mmap_lock)', 'bug']);
    expect(faultWith(true)).toEqual(['up_read(mmap_lock)', 'returned']);
  });
});

describe('2.1 step 4: what the handler says, in order', () => {
  test('RETRY with a fatal signal pending: the handler is not asked again', () => {
    const { handler, flags } = answering(types.VM_FAULT_RETRY, isFirst);
    const did = didOf(handler, { tasks: { A: fault('v', 0), K: kill('A') } }, {}, 'A5-K');
    expect(did.slice(-3)).toEqual(['up_read(mmap_lock)', ...Array(2).fill('fatal_signal_pending(fatal signal of A)')]);
    expect(flags.size).toBe(1);
  });
  test('2.2 COMPLETED: the lock is dropped already', () => {
    expect(endsOf(complete)).toEqual(['A mapped']);
  });
  test('2.2 RETRY: the lock is taken anew, the vma found anew, and TRIED set', () => {
    const { handler, flags } = answering(types.VM_FAULT_RETRY, isFirst);
    const did = didOf(handler);
    expect(endsOf(handler)).toEqual(['A mapped']);
    expect([...flags].map((each) => each & mm_h.FAULT_FLAG_TRIED)).toEqual([0, mm_h.FAULT_FLAG_TRIED]);
    expect(did.filter((each) => each.includes('mmap_lock'))).toEqual([
      'down_read(mmap_lock)',
      'up_read(mmap_lock)',
      'down_read(mmap_lock)',
      'up_read(mmap_lock)',
    ]);
  });
  test('2.2 RETRY: a vma that went away meanwhile is not found, and not touched', () => {
    const { handler } = answering(types.VM_FAULT_RETRY, isFirst);
    const tasks = { A: fault('v', 0), M: munmap('v') };
    expect(endsOf(handler, { tasks })).toEqual(['A SIGSEGV, M unmapped', 'A mapped, M unmapped']);
  });
  test('RETRY for ever is a cycle', () => {
    const forever: Handler = function* (vmf) {
      yield* mm_h.release_fault_lock(vmf);
      return types.VM_FAULT_RETRY;
    };
    expect(endsOf(forever)).toEqual([expect.stringMatching(/^livelock/)]);
  });
});

test('2.1 step 5: before v6.4 there is no lock of a vma, and until v6.5 none of a BAR’s', () => {
  for (const kernel of ['6.1', '6.5']) {
    const did = didOf(insertOne, { ...locked, kernel }, mapPages);
    expect(did.filter((each) => each.includes('vm_lock of v'))).toEqual([]);
  }
  expect(didOf(insertOne, { ...locked, kernel: '6.1' })[1]).toBe('down_read(mmap_lock)');
});

describe('what each bit means to the caller', () => {
  const saying = (answer: number): Handler =>
    function* () {
      return answer;
    };
  const noPage = ['A never returned', 'bug: NULL pointer dereference in __do_fault (mm/memory.c)'];
  const forever = [expect.stringMatching(/^livelock/)];
  test.each([
    ['2.2 OOM: kills nobody, the access is tried again', types.VM_FAULT_OOM, forever],
    ['2.2 SIGBUS: the signal', types.VM_FAULT_SIGBUS, ['A SIGBUS']],
    ['2.2 MAJOR: no reaction, it is for the accounting only', types.VM_FAULT_MAJOR | types.VM_FAULT_NOPAGE, forever],
    ['2.2 WRITE: no reaction, it is for GUP', types.VM_FAULT_WRITE | types.VM_FAULT_NOPAGE, forever],
    ['2.2 HWPOISON: SIGBUS', types.VM_FAULT_HWPOISON, ['A SIGBUS']],
    ['2.2 HWPOISON: _LARGE, SIGBUS', types.VM_FAULT_HWPOISON_LARGE, ['A SIGBUS']],
    ['2.2 SIGSEGV: the signal', types.VM_FAULT_SIGSEGV, ['A SIGSEGV']],
    ['2.2 NOPAGE: success, the access is tried again', types.VM_FAULT_NOPAGE, forever],
    ['2.2 LOCKED: consumed in __do_fault, where these handlers bring no page', types.VM_FAULT_LOCKED, noPage],
    ['2.2 NEEDDSYNC: for file systems; to these handlers the same', types.VM_FAULT_NEEDDSYNC, noPage],
    ['2.2 FALLBACK: a kernel bug (B19)', types.VM_FAULT_FALLBACK, ['A never returned', 'bug: BUG()']],
    ['2.2 DONE_COW: stops __do_fault', types.VM_FAULT_DONE_COW, forever],
  ])('%s, in user mode', (_name, answer, ends) => expect(endsOf(saying(answer))).toEqual(ends));

  test.each([
    ['2.2 SIGBUS: code BUS_ADRERR', types.VM_FAULT_SIGBUS, 'BUS_ADRERR'],
    ['2.2 HWPOISON: code BUS_MCEERR_AR', types.VM_FAULT_HWPOISON, 'BUS_MCEERR_AR'],
    ['2.2 HWPOISON: _LARGE, code BUS_MCEERR_AR', types.VM_FAULT_HWPOISON_LARGE, 'BUS_MCEERR_AR'],
  ])('%s', (_name, answer, code) => {
    const { steps } = replay(programWith(saying(answer), {}), '');
    expect(steps.at(-1)?.plain.at(-1)?.operation).toBe(`SIGBUS, code ${code}`);
  });

  test('2.2 SIGBUS: so it is for a device that is disabled', () => {
    const world = { ...oneVma, memory: 'disabled', tasks: { A: fault('v', 0) } } as const;
    for (const generation of [generations.v5_14, generations.v6_10, generations.v6_12])
      expect(outcomesOf(world, generation)).toEqual(['A SIGBUS']);
  });
  test('2.2 SIGBUS: and where there is no backing, behind the end of a file', () => {
    const world = { files: { f: 1 }, vmas: { m: { file: 'f', process: 'p' } } } as const;
    expect(outcomesOf({ ...world, tasks: { A: [truncate('f', 0), fault('m', 0)] } })).toEqual(['A SIGBUS']);
  });
  test('2.2 NOPAGE: the handler has made the entry itself, so the access goes through', () => {
    expect(endsOf(insertOne)).toEqual(['A mapped']);
  });
  test('2.2 LOCKED: the page comes locked, is not locked twice, and is unlocked once it is mapped', () => {
    const world = { files: { f: 1 }, vmas: { m: { file: 'f', process: 'p' } }, tasks: { A: fault('m', 0) } } as const;
    const did = operationsOf(world, 'A').map((each) => each.replace(/\(.*/, ''));
    expect(did.filter((each) => /lock_page|set_pte/.test(each))).toEqual(['trylock_page', 'set_pte_at', 'unlock_page']);
  });
  test('2.2 FALLBACK: of a huge handler it is consumed in the core, and the next smaller entry tried', () => {
    const asked: string[] = [];
    const huge_fault: mm_h.vm_operations_struct['huge_fault'] = function* (_vmf, order) {
      asked.push(`order ${order}`);
      return types.VM_FAULT_FALLBACK;
    };
    const handler: Handler = function* (vmf) {
      asked.push('fault');
      return yield* insertOne(vmf);
    };
    const bars = { bar0: { pages: 0x40000, pfn: 0x40000 } };
    const vmas = { v: { bar: 'bar0', process: 'p', at: 0x40000000 } };
    const world = { bars, vmas, kernel: '6.12', tasks: { A: fault('v', 0) } };
    replay(simulate(world, driver(handler, { huge_fault }), { rules: [] }), '');
    expect([...new Set(asked)]).toEqual(['order 18', 'order 9', 'fault']);
  });
  test('2.2 VM_FAULT_ERROR: OOM, SIGBUS, SIGSEGV, both HWPOISON bits, FALLBACK', () => {
    expect(types.VM_FAULT_ERROR).toBe(0x1 | 0x2 | 0x40 | 0x10 | 0x20 | 0x800);
  });
  test.each([
    ['2.2 OOM: value', types.VM_FAULT_OOM, 0x1],
    ['2.2 SIGBUS: value', types.VM_FAULT_SIGBUS, 0x2],
    ['2.2 MAJOR: value', types.VM_FAULT_MAJOR, 0x4],
    ['2.2 WRITE: value', types.VM_FAULT_WRITE, 0x8],
    ['2.2 HWPOISON: value', types.VM_FAULT_HWPOISON, 0x10],
    ['2.2 HWPOISON: _LARGE, value', types.VM_FAULT_HWPOISON_LARGE, 0x20],
    ['2.2 SIGSEGV: value', types.VM_FAULT_SIGSEGV, 0x40],
    ['2.2 NOPAGE: value', types.VM_FAULT_NOPAGE, 0x100],
    ['2.2 LOCKED: value', types.VM_FAULT_LOCKED, 0x200],
    ['2.2 RETRY: value', types.VM_FAULT_RETRY, 0x400],
    ['2.2 FALLBACK: value', types.VM_FAULT_FALLBACK, 0x800],
    ['2.2 DONE_COW: value', types.VM_FAULT_DONE_COW, 0x1000],
    ['2.2 NEEDDSYNC: value', types.VM_FAULT_NEEDDSYNC, 0x2000],
    ['2.2 COMPLETED: value', types.VM_FAULT_COMPLETED, 0x4000],
  ])('%s', (_name, bit, value) => expect(bit).toBe(value));

  /** How a copy of the kernel ends: how many of 4 bytes it leaves, or what went wrong. */
  function copied(handler: Handler, copy = copy_to_user, changes: Changes = {}) {
    const program = programOf(
      {
        A: (machine) => copy(bufferIn(machine), 4),
      },
      changes,
      (_machine, now) => `${now.returned('A')} left`,
      driver(handler),
    );
    const found = explore(program, { stopAt: 'never' });
    return [...Object.keys(found.outcomes), ...kindsOf(found)];
  }
  test.each([
    ['2.2 OOM', types.VM_FAULT_OOM],
    ['2.2 SIGBUS', types.VM_FAULT_SIGBUS],
    ['2.2 HWPOISON', types.VM_FAULT_HWPOISON],
    ['2.2 HWPOISON: _LARGE', types.VM_FAULT_HWPOISON_LARGE],
    ['2.2 SIGSEGV', types.VM_FAULT_SIGSEGV],
  ])('%s: in kernel mode the fixup, and nothing is copied', (_name, answer) => {
    expect(copied(saying(answer))).toEqual(['4 left']);
    expect(copied(saying(answer), copy_from_user)).toEqual(['4 left']);
  });
  test('2.2 FALLBACK: in kernel mode a kernel bug too (B19)', () => {
    expect(copied(saying(types.VM_FAULT_FALLBACK))).toContainEqual('bug: BUG()');
  });
  test('2.2 NOPAGE: in kernel mode the copy goes through', () => expect(copied(insertOne)).toEqual(['0 left']));
  test('kernel code may not write either what the process may only read', () => {
    expect(copied(insertOne, copy_to_user, readOnly)).toEqual(['4 left']);
    expect(copied(insertOne, copy_from_user, readOnly)).toEqual(['0 left']);
  });
  test('kernel code that touches a device whose memory is off', () => {
    expect(copied(insertOne, copy_from_user, { memory: 'disabled' })).toContainEqual(expect.stringMatching(/^bug: /));
  });
  test.each([
    ['2.2 OOM', types.VM_FAULT_OOM],
    ['2.2 SIGBUS', types.VM_FAULT_SIGBUS],
    ['2.2 HWPOISON', types.VM_FAULT_HWPOISON],
    ['2.2 SIGSEGV', types.VM_FAULT_SIGSEGV],
  ])('%s: in kernel mode without an exception-table entry an oops', (_name, answer) => {
    const program = programOf({ A: (machine) => faultAt(machine, 0) }, {}, undefined, driver(saying(answer)));
    expect(explore(program).violation?.message).toContain('unable to handle page fault');
  });
  test('2.2 COMPLETED: in kernel mode, too, the copy goes through', () => expect(copied(complete)).toEqual(['0 left']));
});
