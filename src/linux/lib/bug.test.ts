import { expect, test } from 'vitest';
import { bug, type Trace, warn } from '#explore';
import { own, reportOf, step } from '../fixtures.ts';
import { BUG_ON } from '../include/asm-generic/bug.ts';
import type { vm_area_struct } from '../include/linux/mm_types.ts';
import { mutex_lock } from '../kernel/locking/mutex.ts';
import type { Kernel } from '../kernel.ts';
import type { Machine } from '../machine.ts';
import { io_remap_pfn_range, remap_pfn_range } from '../mm/memory/remap.ts';
import { kernelReport } from '../report.ts';

function* remap({ vmas }: Machine): Kernel<unknown> {
  const { vm_start, vm_end, vm_pgoff, vm_page_prot } = vmas.v as vm_area_struct;
  return yield* io_remap_pfn_range(vmas.v as vm_area_struct, vm_start, vm_pgoff, vm_end - vm_start, vm_page_prot);
}

test('a BUG: where, who, how he came there, and what stays locked', () => {
  const { source, lines, remarks } = reportOf({
    A: () => mutexNever(),
    *B(machine) {
      yield* mutex_lock(machine.vdev.vma_lock);
      yield* remap(machine);
      yield* remap(machine);
    },
  });
  expect(lines).toEqual([
    '------------[ cut here ]------------',
    'kernel BUG at mm/memory.c!',
    'invalid opcode: 0000 [#1] SMP',
    'CPU: 1 PID: 2 Comm: B',
    'RIP: remap_pte_range (mm/memory.c)',
    'Call Trace:',
    ' <TASK>',
    ' remap_pfn_range (mm/memory.c)',
    ' io_remap_pfn_range (include/linux/mm.h)',
    ' </TASK>',
    '---[ end trace ]---',
    'note: B[2] exited with preempt_count 1',
  ]);
  expect(source).toBe('Linux');
  expect(remarks).toEqual([
    'B is dead, and never gives back: vma_lock, ptl of v.',
    'Whoever has to wait for one of them waits for ever.',
  ]);
});

function* mutexNever(): Kernel {}

// The learner's own function has found that something cannot be, while somebody waits for his lock, and another for that one's.
const ownTrace: Trace = {
  program: 'p',
  schedule: 'A2',
  tasks: ['Z', 'A', 'B', 'C'],
  ending: { kind: 'bug', message: 'no such page' },
  steps: [
    step('A', 'mutex_lock(vma_lock)', [own('my_fault', 7)], { locks: ['vma_lock'] }),
    step('A', 'READ_ONCE(x)', [own('my_fault', 8)], {
      locks: ['vma_lock'],
      plain: [
        {
          operation: 'BUG_ON("no such page")',
          stack: [
            { function: 'BUG_ON', file: 'include/asm-generic/bug.h' },
            own('my_fault', 9),
            { function: '__do_fault', file: 'mm/memory.c' },
          ],
        },
      ],
      blocked: [
        { task: 'C', lock: 'memory_lock', heldBy: ['B'] },
        { task: 'B', lock: 'vma_lock', heldBy: ['A'] },
      ],
    }),
  ],
};

test("the learner's own BUG has his line; those who wait are named, also behind one another", () => {
  const { lines = [], remarks } = kernelReport(ownTrace) ?? {};
  expect(lines.slice(1, 5)).toEqual([
    'kernel BUG at line 9 of your file!',
    'invalid opcode: 0000 [#1] SMP',
    'CPU: 1 PID: 2 Comm: A',
    'RIP: my_fault (line 9)',
  ]);
  expect(lines).not.toContainEqual(expect.stringContaining('preempt_count'));
  expect(remarks).toEqual([
    'A is dead, and never gives back: vma_lock.',
    'C waits for memory_lock, for ever.',
    'B waits for vma_lock, for ever.',
  ]);
});

test('a NULL pointer is an oops, and no BUG', () => {
  const [event] = ownTrace.steps[1]?.plain ?? [];
  const message = 'NULL pointer dereference in __do_fault (mm/memory.c)';
  const plain = [{ operation: `BUG(${JSON.stringify(message)})`, stack: event?.stack.slice(2) ?? [] }];
  const nullTrace = { ...ownTrace, ending: { kind: 'bug' as const, message }, steps: [step('Z', 'x', [], { plain })] };
  expect(kernelReport(nullTrace)?.lines.slice(0, 4)).toEqual([
    'BUG: kernel NULL pointer dereference',
    'Oops: 0000 [#1] SMP',
    'CPU: 0 PID: 1 Comm: Z',
    'RIP: __do_fault (mm/memory.c)',
  ]);
  expect(kernelReport(nullTrace)?.remarks).toEqual(['Z is dead. It held no lock.']);
});

test('a WARN has the same trace, and its task goes on', () => {
  const { lines, remarks } = reportOf({
    *A({ vmas }) {
      const { vm_start, vm_pgoff, vm_page_prot } = vmas.v as vm_area_struct;
      yield* remap_pfn_range(vmas.v as vm_area_struct, vm_start + 1, vm_pgoff, 1, vm_page_prot);
    },
  });
  expect(lines).toEqual([
    '------------[ cut here ]------------',
    'WARNING: CPU: 0 PID: 1 at mm/memory.c remap_pfn_range',
    'CPU: 0 PID: 1 Comm: A',
    'RIP: remap_pfn_range (mm/memory.c)',
    '---[ end trace ]---',
  ]);
  expect(remarks).toEqual(['A goes on, and gives its locks back: a WARN kills nobody.']);
});

test('what a grader asserts no kernel prints', () => {
  function* grader(machine: Machine): Kernel {
    yield* mutex_lock(machine.vdev.vma_lock);
    yield* BUG_ON(true, 'errno as an answer: ->fault returned -12');
  }
  expect(reportOf({ A: grader }).lines).toEqual([]);
  expect(reportOf({ A: () => bug('no end') }).lines).toEqual([]);
  expect(reportOf({ A: () => warn('leaked') }).lines).toEqual([]);
});
