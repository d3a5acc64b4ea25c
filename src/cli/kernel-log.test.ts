import { expect, test } from 'vitest';
import type { Trace } from '#explore';
import { frame, step } from './fixtures.ts';
import { kernelLogLines } from './kernel-log.ts';
import { plainLook } from './look.ts';
import { widthOf } from './prose.ts';

const asserted: Trace = {
  program: 'two faults on one vma',
  schedule: 'A',
  tasks: ['A', 'B'],
  ending: { kind: 'bug', message: 'BUG_ON(!pte_none(*pte)): there is an entry already' },
  steps: [
    step('A', 'spin_lock(ptl of v)', ['spin_lock@kernel/locking/spinlock.c', 'remap_pte_range@mm/memory.c'], {
      locks: ['ptl of v'],
      plain: [
        {
          operation: 'BUG_ON("BUG_ON(!pte_none(*pte)): there is an entry already")',
          stack: ['BUG_ON@include/asm-generic/bug.h', 'remap_pte_range@mm/memory.c', 'vfio_pci_mmap_fault:12'].map(
            frame,
          ),
        },
      ],
      blocked: [{ task: 'B', lock: 'ptl of v', heldBy: ['A'] }],
    }),
  ],
};

test('stands below the columns, with whose it is and what no kernel says', () => {
  expect(kernelLogLines(plainLook, asserted).join('\n')).toBe(`
    What Linux would print:

    ------------[ cut here ]------------
    kernel BUG at mm/memory.c!
    invalid opcode: 0000 [#1] SMP
    CPU: 0 PID: 1 Comm: A
    RIP: remap_pte_range (mm/memory.c)
    Call Trace:
     <TASK>
     vfio_pci_mmap_fault (line 12)
     </TASK>
    ---[ end trace ]---
    note: A[1] exited with preempt_count 1

    A is dead, and never gives back: ptl of v.
    B waits for ptl of v, for ever.`);
});

test('is as wide as it may be, and what goes on in the next line stands further in', () => {
  const narrow = kernelLogLines({ ...plainLook, width: 30 }, asserted);
  expect(Math.max(...narrow.map(widthOf))).toBeLessThanOrEqual(30);
  expect(narrow.join('\n')).toContain('\n     vfio_pci_mmap_fault\n         (line 12)\n');
});

test('is not there where a kernel would notice nothing', () => {
  expect(kernelLogLines(plainLook, { ...asserted, ending: { kind: 'check', message: 'lost update' } })).toEqual([]);
});
