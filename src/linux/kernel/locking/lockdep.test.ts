import { describe, expect, test } from 'vitest';
import { acquire, type Cell, explore, mutex, release, waitFor } from '#explore';
import { vfio_pci_zap_and_down_write_memory_lock } from '../../drivers/vfio/pci/vfio_pci_core.ts';
import { callTraceOfA, reportOf, traceOf } from '../../fixtures.ts';
import type { vm_area_struct } from '../../include/linux/mm_types.ts';
import { mmap_read_lock, mmap_read_unlock } from '../../include/linux/mmap_lock.ts';
import { PCI_COMMAND } from '../../include/linux/pci.ts';
import type { Kernel } from '../../kernel.ts';
import type { Machine } from '../../machine.ts';
import { kernelReport } from '../../report.ts';
import { mutex_lock, mutex_unlock } from './mutex.ts';
import { down_read, down_write, up_read, up_write } from './rwsem.ts';
import { spin_lock } from './spinlock.ts';

const ptlOf = ({ vmas }: Machine) => {
  const ptl = vmas.v?.vm_mm.pgd.entries[0]?.table.entries[0]?.table.entries[128]?.table.lock;
  if (!ptl) throw new Error('no ptl');
  return ptl;
};

function* memoryFirst({ vdev }: Machine): Kernel {
  yield* down_read(vdev.memory_lock);
  yield* mutex_lock(vdev.vma_lock);
  yield* mutex_unlock(vdev.vma_lock);
  yield* up_read(vdev.memory_lock);
}

function* vmaFirst({ vdev }: Machine): Kernel {
  yield* mutex_lock(vdev.vma_lock);
  yield* down_write(vdev.memory_lock);
  yield* up_write(vdev.memory_lock);
  yield* mutex_unlock(vdev.vma_lock);
}

const circular = [
  '======================================================',
  'WARNING: possible circular locking dependency detected',
  '------------------------------------------------------',
];

const scenarioOfTwo = [
  ' Possible unsafe locking scenario:',
  '',
  '       CPU1                    CPU0',
  '       ----                    ----',
  '  lock(vma_lock);',
  '                          lock(memory_lock);',
  '                          lock(vma_lock);',
  '  lock(memory_lock);',
  '',
  ' *** DEADLOCK ***',
];

describe('locks in a ring', () => {
  test('a deadlock: who asks for what, both chains, and the scenario with a column for each CPU', () => {
    const { source, lines, remarks } = reportOf({ A: memoryFirst, B: vmaFirst });
    expect(source).toBe('Linux with lockdep (CONFIG_PROVE_LOCKING)');
    expect(lines).toEqual([
      ...circular,
      'B/2 is trying to acquire lock:',
      ' (memory_lock), at: down_write',
      '',
      'but task is already holding lock:',
      ' (vma_lock), at: mutex_lock',
      '',
      'which lock already depends on the new lock.',
      '',
      'the existing dependency chain (in reverse order) is:',
      '',
      '-> #1 (vma_lock) by A/1, which held memory_lock:',
      ' mutex_lock (kernel/locking/mutex.c)',
      '',
      '-> #0 (memory_lock) by B/2, which held vma_lock:',
      ' down_write (kernel/locking/rwsem.c)',
      '',
      'other info that might help us debug this:',
      '',
      ...scenarioOfTwo,
      '',
      '1 lock held by B/2:',
      ' #0: (vma_lock), at: mutex_lock',
      'CPU: 1 PID: 2 Comm: B',
    ]);
    expect(remarks).toEqual([
      'lockdep says so at the last of these calls, and then the tasks wait for each other for ever.',
    ]);
  });

  test('an order that no execution closes', () => {
    const gated = (body: (machine: Machine) => Kernel) =>
      function* (machine: Machine): Kernel {
        yield* down_write((machine.vmas.v as vm_area_struct).vm_mm.mmap_lock);
        yield* body(machine);
        yield* up_write((machine.vmas.v as vm_area_struct).vm_mm.mmap_lock);
      };
    const { lines, remarks } = reportOf({ A: gated(memoryFirst), B: gated(vmaFirst) });
    expect(lines).toEqual(expect.arrayContaining([...circular, ...scenarioOfTwo]));
    // Of what the last step has taken it is still asking for.
    expect(lines.slice(-4)).toEqual([
      '2 locks held by B/2:',
      ' #0: (mmap_lock), at: down_write',
      ' #1: (vma_lock), at: mutex_lock',
      'CPU: 1 PID: 2 Comm: B',
    ]);
    expect(remarks).toEqual([
      'In no interleaving here do they wait for each other. lockdep says it all the same, at the first run of both orders.',
    ]);
  });

  test('a ring of three', () => {
    const locks = () => ({ a: mutex('a'), b: mutex('b'), c: mutex('c') });
    type Locks = ReturnType<typeof locks>;
    const taking = (one: keyof Locks, other: keyof Locks) =>
      function* (w: Locks): Kernel {
        yield* acquire(w[one], 'mutex_lock');
        yield* acquire(w[other], 'mutex_lock');
        yield* release(w[other], 'mutex_unlock');
        yield* release(w[one], 'mutex_unlock');
      };
    const { violation } = explore({
      name: 'three',
      setup: locks,
      tasks: (w) => ({ A: () => taking('a', 'b')(w), B: () => taking('b', 'c')(w), C: () => taking('c', 'a')(w) }),
      source: () => 'kernel/fork.c',
    });
    const { lines } = (violation && kernelReport(violation.trace)) as { lines: readonly string[] };
    expect(lines.filter((line) => /->|lock\(|CPU\d/.test(line))).toEqual([
      '-> #2 (b) by A/1, which held a:',
      '-> #1 (a) by C/3, which held c:',
      '-> #0 (c) by B/2, which held b:',
      '       CPU1                    CPU2                    CPU0',
      '  lock(b);',
      '                          lock(c);',
      '                                                  lock(a);',
      '                          lock(a);',
      '                                                  lock(b);',
      '  lock(c);',
    ]);
  });

  test('one lock twice', () => {
    const { lines, remarks } = reportOf({
      *A({ vdev }) {
        yield* mutex_lock(vdev.vma_lock);
        yield* mutex_lock(vdev.vma_lock);
      },
    });
    expect(lines[1]).toBe('WARNING: possible recursive locking detected');
    expect(lines.slice(3, 19)).toEqual([
      'A/1 is trying to acquire lock:',
      ' (vma_lock), at: mutex_lock',
      '',
      'but task is already holding lock:',
      ' (vma_lock), at: mutex_lock',
      '',
      'other info that might help us debug this:',
      '',
      ' Possible unsafe locking scenario:',
      '',
      '       CPU0',
      '       ----',
      '  lock(vma_lock);',
      '  lock(vma_lock);',
      '',
      ' *** DEADLOCK ***',
    ]);
    expect(lines.slice(-7)).toEqual([
      ' #0: (vma_lock), at: mutex_lock',
      'stack backtrace:',
      ...callTraceOfA(' mutex_lock (kernel/locking/mutex.c)'),
    ]);
    expect(remarks).toEqual(['A waits for itself: whoever holds a lock does not get it again.']);
  });

  test('two locks of one class', () => {
    const { violation } = explore({
      name: 'nested',
      setup: () => ({ a: mutex('ptl of a', { class: 'ptl' }), b: mutex('ptl of b', { class: 'ptl' }) }),
      tasks: (w) => ({
        *A() {
          yield* acquire(w.a, 'spin_lock');
          yield* acquire(w.b, 'spin_lock');
          yield* release(w.b, 'spin_unlock');
          yield* release(w.a, 'spin_unlock');
        },
      }),
      source: (name) => (name === 'A' ? 'mm/memory.c' : undefined),
    });
    const report = violation && kernelReport(violation.trace);
    expect(report?.lines).toEqual(
      expect.arrayContaining([' (ptl: ptl of b), at: A', ' (ptl: ptl of a), at: A', '1 lock held by A/1:']),
    );
    expect(report?.lines.filter((line) => line === '  lock(ptl);')).toHaveLength(2);
    expect(report?.remarks).toEqual([
      'Another task may take the two the other way round: to lockdep all locks of class ptl are one.',
    ]);
  });

  test('who waits for something that is no lock has no such report', () => {
    const trace = traceOf({
      *A({ vdev: { vma_lock, vconfig } }) {
        yield* mutex_lock(vma_lock);
        yield* waitFor(vconfig[PCI_COMMAND] as Cell<number>, (command) => command === -1);
      },
    });
    expect(trace.ending.kind).toBe('deadlock');
    expect(kernelReport(trace)).toBeUndefined();
  });
});

describe('misuse', () => {
  test('a lock kept on the way back to user space', () => {
    const { lines, remarks } = reportOf({
      *A({ vdev, vmas }) {
        yield* mmap_read_lock((vmas.v as vm_area_struct).vm_mm);
        yield* mutex_lock(vdev.vma_lock);
      },
    });
    expect(lines).toEqual([
      '================================================',
      'WARNING: lock held when returning to user space!',
      '------------------------------------------------',
      'A/1 is leaving the kernel with locks still held!',
      '2 locks held by A/1:',
      ' #0: (mmap_lock), at: mmap_read_lock',
      ' #1: (vma_lock), at: mutex_lock',
    ]);
    expect(remarks).toEqual([
      'Without lockdep, a kernel says nothing. Whoever has to wait for one of them waits for ever.',
    ]);
  });

  test('a lock given back that is not held', () => {
    const { lines } = reportOf({
      *A({ vdev, vmas }) {
        yield* mmap_read_lock((vmas.v as vm_area_struct).vm_mm);
        yield* mutex_unlock(vdev.vma_lock);
        yield* mmap_read_unlock((vmas.v as vm_area_struct).vm_mm);
      },
    });
    expect(lines).toEqual([
      '=====================================',
      'WARNING: bad unlock balance detected!',
      '-------------------------------------',
      'A/1 is trying to release lock (vma_lock) at:',
      ' mutex_unlock (kernel/locking/mutex.c)',
      'but there are no more locks to release!',
      '',
      'other info that might help us debug this:',
      '1 lock held by A/1:',
      ' #0: (mmap_lock), at: mmap_read_lock',
      '',
      'stack backtrace:',
      ...callTraceOfA(' mutex_unlock (kernel/locking/mutex.c)'),
    ]);
  });

  test('sleeping under a spinlock', () => {
    const { source, lines } = reportOf({
      *A(machine) {
        yield* spin_lock(ptlOf(machine));
        yield* vfio_pci_zap_and_down_write_memory_lock(machine.vdev);
      },
    });
    expect(source).toBe('Linux with CONFIG_DEBUG_ATOMIC_SLEEP');
    expect(lines).toEqual([
      'BUG: sleeping function called from invalid context at kernel/locking/mutex.c',
      'in_atomic(): 1, pid: 1, name: A',
      '1 lock held by A/1:',
      ' #0: (ptl of v), at: spin_lock',
      ...callTraceOfA(
        ' mutex_lock (kernel/locking/mutex.c)',
        ' vfio_pci_zap_and_vma_lock (drivers/vfio/pci/vfio_pci_core.c)',
        ' vfio_pci_zap_and_down_write_memory_lock (drivers/vfio/pci/vfio_pci_core.c)',
      ),
    ]);
  });

  test('what Linux has no report of', () => {
    expect(reportOf({ A: ({ vdev }) => up_read(vdev.vma_lock) }).lines).toEqual([]);
  });
});
