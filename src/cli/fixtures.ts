/** Traces made by hand, for the tests of what the terminal shows. */

import type { Frame, Trace, TraceStep } from '#explore';

/** `handle_pte_fault@mm/memory.c` is the kernel's, `my_fault:12` the learner's. */
export function frame(text: string): Frame {
  const [name = '', file] = text.split('@');
  const [learners = '', line] = name.split(':');
  if (line !== undefined) return { function: learners, line: Number(line) };
  return file === undefined ? { function: name } : { function: name, file };
}

/** A step of a task: its operation, its stack (innermost first), and whatever else it has. */
export function step(task: string, operation: string, stack: string[], more: Partial<TraceStep> = {}): TraceStep {
  return { task, operation, stack: stack.map(frame), plain: [], locks: [], switched: 'no', blocked: [], ...more };
}

/** Two CPUs: A is interrupted, B waits for a lock of A's, gets it, and hits the BUG. */
export const bugTrace: Trace = {
  program: 'two faults on one vma',
  schedule: 'A2-B-A-B',
  ending: { kind: 'bug', message: 'kernel BUG at mm/memory.c: !pte_none(*pte)' },
  steps: [
    step('A', 'pte_none(pte v[0])', ['pte_none', 'handle_pte_fault@mm/memory.c'], { result: 'true' }),
    step('A', 'mutex_lock(vma_lock)', ['mutex_lock@kernel/locking/mutex.c', 'vfio_pci_mmap_fault:12'], {
      plain: [
        {
          operation: 'list_empty(vma_list)',
          result: 'true',
          stack: [frame('list_empty'), frame('vfio_pci_mmap_fault:14')],
        },
      ],
    }),
    step('B', 'pte_none(pte v[0])', ['pte_none', 'handle_pte_fault@mm/memory.c'], {
      result: 'true',
      switched: 'preemption',
      blocked: [{ task: 'B', lock: 'vma_lock', heldBy: ['A'] }],
    }),
    step('A', 'mutex_unlock(vma_lock)', ['mutex_unlock@kernel/locking/mutex.c', 'vfio_pci_mmap_fault:20'], {
      switched: 'switch',
    }),
    step('B', 'set_pte_at(pte v[0], page 4096 of bar0)', ['remap_pte_range@mm/memory.c', 'vfio_pci_mmap_fault:16'], {
      switched: 'switch',
      plain: [{ operation: 'get(mm)', result: 'mm', before: true, stack: [frame('remap_pte_range@mm/memory.c')] }],
    }),
  ],
};
