/** fixup_user_fault: facts, 2.9. */

import { describe, expect, test } from 'vitest';
import { explore, write } from '#explore';
import { fault, kill } from '../deeds/index.ts';
import type { WorldDescription } from '../description.ts';
import type { Driver } from '../drivers/vfio/pci/driver.ts';
import { driverWith } from '../drivers/vfio/pci/generations/index.ts';
import { EFAULT, EINTR, ENOMEM } from '../include/linux/errno.ts';
import * as mm_h from '../include/linux/mm.ts';
import * as types from '../include/linux/mm_types.ts';
import { mmap_read_lock, mmap_read_unlock } from '../include/linux/mmap_lock.ts';
import type { Kernel } from '../kernel.ts';
import { kindsOf, oneVma, programOf } from '../testing.ts';
import { fixup_user_fault } from './gup.ts';
import { vmf_insert_pfn } from './memory.ts';

type Handler = (vmf: mm_h.vm_fault) => Kernel<types.vm_fault_t>;
const insertOne: Handler = (vmf) => vmf_insert_pfn(vmf.vma, vmf.address, vmf.pgoff);
const saying = (answer: number): Handler =>
  function* () {
    return answer;
  };

interface Call {
  readonly at?: number;
  readonly flags?: number;
  readonly unlocked?: 'given' | 'none';
  readonly changes?: Partial<WorldDescription>;
}

/** How calls of it end: what they return, and whether they say that the lock was dropped. */
function fixup(handler: Handler, { at = 0, flags = 0, unlocked = 'given', changes = {} }: Call = {}): string[] {
  const driver: Driver = driverWith({ fault: handler });
  const program = programOf(
    {
      A: function* ({ vmas: { v } }) {
        const dropped = { isUnlocked: false };
        yield* mmap_read_lock(v!.vm_mm);
        const ret = yield* fixup_user_fault(v!.vm_mm, v!.vm_start + at, flags, unlocked === 'given' ? dropped : null);
        yield* mmap_read_unlock(v!.vm_mm);
        return `${ret}${dropped.isUnlocked ? ', dropped' : ''}`;
      },
    },
    changes,
    (_machine, now) => String(now.returned('A')),
    driver,
  );
  const found = explore(program, { stopAt: 'never' });
  return [...Object.keys(found.outcomes), ...kindsOf(found)];
}

describe('fixup_user_fault', () => {
  test('makes the entry: 0', () => expect(fixup(insertOne)).toEqual(['0']));

  test.each([
    ['given', mm_h.FAULT_FLAG_ALLOW_RETRY | mm_h.FAULT_FLAG_KILLABLE],
    ['none', 0],
  ] as const)('unlocked %s: ALLOW_RETRY and KILLABLE accordingly', (unlocked, flags) => {
    const seen = new Set<number>();
    fixup(
      (vmf) => {
        seen.add(vmf.flags);
        return insertOne(vmf);
      },
      { unlocked },
    );
    expect([...seen]).toEqual([flags]);
  });

  test('no vma: -EFAULT', () => expect(fixup(insertOne, { at: -1 })).toEqual([`${-EFAULT}`]));

  const readOnly = { vmas: { v: { ...oneVma.vmas.v, prot: 'read' } } } as const;
  test('a vma that forbids the write: -EFAULT, and the handler is not asked', () => {
    const call = { flags: mm_h.FAULT_FLAG_WRITE, changes: readOnly };
    expect(fixup(saying(types.VM_FAULT_OOM), call)).toEqual([`${-EFAULT}`]);
    expect(fixup(insertOne, { changes: readOnly })).toEqual(['0']);
  });

  test('a fatal signal: -EINTR, after the permission', () => {
    const tasks = { A: fault('v', 0), K: kill('A') };
    const program = (flags: number, prot: 'read' | 'read-write') =>
      programOf(
        {
          A: function* ({ vmas: { v }, tasks: { A } }) {
            yield* mmap_read_lock(v!.vm_mm);
            yield* write(A!.killed!, true);
            const ret = yield* fixup_user_fault(v!.vm_mm, v!.vm_start, flags, { isUnlocked: false });
            yield* mmap_read_unlock(v!.vm_mm);
            return ret;
          },
        },
        { tasks, vmas: { v: { ...oneVma.vmas.v, prot } } },
        (_machine, now) => String(now.returned('A')),
        driverWith({ fault: insertOne }),
      );
    const endOf = (flags: number, prot: 'read' | 'read-write') => Object.keys(explore(program(flags, prot)).outcomes);
    expect(endOf(0, 'read-write')).toEqual([`${-EINTR}`]);
    expect(endOf(mm_h.FAULT_FLAG_WRITE, 'read')).toEqual([`${-EFAULT}`]);
  });

  /** Drops the lock, and says so. */
  const dropping = (answer: number): Handler =>
    function* (vmf) {
      if (vmf.flags & mm_h.FAULT_FLAG_TRIED) return yield* insertOne(vmf);
      yield* mmap_read_unlock(vmf.vma.vm_mm);
      return answer;
    };
  test('COMPLETED: mmap_lock is held again, and unlocked says that it was not', () => {
    expect(fixup(dropping(types.VM_FAULT_COMPLETED | types.VM_FAULT_NOPAGE))).toEqual(['0, dropped']);
  });
  test('RETRY: the same, and a second try with TRIED', () => {
    expect(fixup(dropping(types.VM_FAULT_RETRY))).toEqual(['0, dropped']);
  });

  test.each([
    ['OOM', types.VM_FAULT_OOM, -ENOMEM],
    ['SIGBUS', types.VM_FAULT_SIGBUS, -EFAULT],
    ['SIGSEGV', types.VM_FAULT_SIGSEGV, -EFAULT],
    ['HWPOISON', types.VM_FAULT_HWPOISON, -EFAULT],
  ])('%s', (_name, answer, errno) => expect(fixup(saying(answer))).toEqual([`${errno}`]));

  test('2.2 FALLBACK: to fixup_user_fault an error without a number, so a BUG (B19)', () => {
    expect(fixup(saying(types.VM_FAULT_FALLBACK))).toContainEqual(expect.stringMatching(/^bug: BUG\(\)/));
  });
});
