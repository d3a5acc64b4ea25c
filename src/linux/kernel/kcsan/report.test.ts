import { expect, test } from 'vitest';
import { __vfio_pci_add_vma, __vfio_pci_memory_enabled } from '../../drivers/vfio/pci/vfio_pci_core.ts';
import { own, reportOf, step } from '../../fixtures.ts';
import { list_empty } from '../../include/linux/list.ts';
import type { vm_area_struct } from '../../include/linux/mm_types.ts';
import type { Kernel } from '../../kernel.ts';
import type { Machine } from '../../machine.ts';
import { kernelReport } from '../../report.ts';
import { mutex_lock, mutex_unlock } from '../locking/mutex.ts';
import { down_read, up_read } from '../locking/rwsem.ts';

function* adding({ vdev, vmas }: Machine): Kernel {
  yield* mutex_lock(vdev.vma_lock);
  yield* __vfio_pci_add_vma(vdev, vmas.v as vm_area_struct);
  yield* mutex_unlock(vdev.vma_lock);
}

test('both accesses, with task, CPU, stack and locks', () => {
  const { source, lines, remarks } = reportOf({
    *A(machine) {
      yield* __vfio_pci_memory_enabled(machine.vdev);
      yield* list_empty(machine.vdev.vma_list);
    },
    B: adding,
  });
  expect(source).toBe('Linux with KCSAN (CONFIG_KCSAN)');
  expect(lines).toEqual([
    '==============================================',
    'BUG: KCSAN: data-race in list_add / list_empty',
    '',
    'read to vma_list.next by task A/1 on cpu 0:',
    ' list_empty (include/linux/list.h)',
    'no locks held by A/1.',
    '',
    'write to vma_list.next by task B/2 on cpu 1:',
    ' list_add (include/linux/list.h)',
    ' __vfio_pci_add_vma (drivers/vfio/pci/vfio_pci_core.c)',
    '1 lock held by B/2:',
    ' #0: (vma_lock), at: mutex_lock',
    '',
    'Reported by Kernel Concurrency Sanitizer on:',
    'CPU: 1 PID: 2 Comm: B',
    '==============================================',
  ]);
  expect(remarks).toEqual(['There is no lock that both held: nothing orders the two.']);
});

test('readers of one lock do not keep each other out', () => {
  function* reading({ vdev }: Machine): Kernel {
    yield* down_read(vdev.memory_lock);
    yield* list_empty(vdev.vma_list);
    yield* up_read(vdev.memory_lock);
  }
  function* addingAsReader(machine: Machine): Kernel {
    yield* down_read(machine.vdev.memory_lock);
    yield* adding(machine);
    yield* up_read(machine.vdev.memory_lock);
  }
  expect(reportOf({ A: reading, B: addingAsReader }).remarks).toEqual([
    'Both held memory_lock, as readers: readers keep each other from nothing.',
  ]);
});

test('marked accesses, what both stacks end with, and a lock that is let go since', () => {
  const faulting = ['__do_fault', 'do_fault', 'handle_mm_fault'].map((name) => ({
    function: name,
    file: 'mm/memory.c',
  }));
  const { lines } = kernelReport({
    program: 'p',
    schedule: 'A-B',
    tasks: ['A', 'B'],
    steps: [step('A', 'mutex_unlock(m)', faulting), step('B', 'READ_ONCE(x)', faulting)],
    ending: {
      kind: 'data race',
      message: 'x: A writes, B reads atomically, and nothing orders the two',
      accesses: [
        { task: 'A', cell: 'x', access: 'write', plain: true, stack: [own('my_fault', 4), ...faulting], locks: ['m'] },
        { task: 'B', cell: 'x', access: 'read', plain: false, stack: [own('my_fault', 9), ...faulting], locks: [] },
      ],
    },
  }) as { lines: readonly string[] };
  expect(lines.slice(1, 15)).toEqual([
    'BUG: KCSAN: data-race in my_fault / my_fault',
    '',
    'write to x by task A/1 on cpu 0:',
    ' my_fault (line 4)',
    ' __do_fault (mm/memory.c)',
    ' do_fault (mm/memory.c)',
    ' handle_mm_fault (mm/memory.c)',
    '1 lock held by A/1:',
    ' #0: (m)',
    '',
    'read (marked) to x by task B/2 on cpu 1:',
    ' my_fault (line 9)',
    ' ... and 3 more, as above',
    'no locks held by B/2.',
  ]);
});
