import { describe, expect, test } from 'vitest';
import { ends, run } from '../../testing.ts';
import { mutex_lock, mutex_trylock, mutex_unlock } from './mutex.ts';
import { down_read, down_read_trylock, down_write, down_write_trylock, up_read, up_write } from './rwsem.ts';
import { spin_lock, spin_unlock } from './spinlock.ts';

describe('mutex', () => {
  test('a second lock waits for the first task', () => {
    const held = run(function* ({ vdev: { vma_lock } }) {
      yield* mutex_lock(vma_lock);
      const isFree = yield* mutex_trylock(vma_lock);
      yield* mutex_unlock(vma_lock);
      return isFree;
    });
    expect(held).toBe(false);
  });
  test('a task that locks twice waits for itself', () => {
    const twice = run(function* ({ vdev: { vma_lock } }) {
      yield* mutex_lock(vma_lock);
      yield* mutex_lock(vma_lock);
    });
    expect(twice).toBe('deadlock: A waits for vma_lock, held by A');
  });
  test('unlocking what is not held is misuse', () => {
    expect(run((machine) => mutex_unlock(machine.vdev.vma_lock))).toMatch(/^lock misuse: .*vma_lock/);
  });
  test('to sleep under a spinlock is misuse', () => {
    const asleep = run(function* ({ vdev, vmas: { v } }) {
      const ptl = v?.vm_mm.pgd.entries[0]?.table.entries[0]?.table.entries[128]?.table.lock;
      if (!ptl) throw new Error('no ptl');
      yield* spin_lock(ptl);
      yield* mutex_lock(vdev.vma_lock);
      yield* spin_unlock(ptl);
    });
    expect(asleep).toMatch(/^lock misuse: .*ptl of v/);
  });
});

describe('rw_semaphore', () => {
  test('readers share it, and no writer comes in', () => {
    const tried = run(function* ({ vdev: { memory_lock } }) {
      yield* down_read(memory_lock);
      const reader = yield* down_read_trylock(memory_lock);
      if (reader) yield* up_read(memory_lock);
      const writer = yield* down_write_trylock(memory_lock);
      yield* up_read(memory_lock);
      return `${reader} ${writer}`;
    });
    expect(tried).toBe('true false');
  });
  test('a writer is alone', () => {
    const tried = run(function* ({ vdev: { memory_lock } }) {
      const writer = yield* down_write_trylock(memory_lock);
      const reader = yield* down_read_trylock(memory_lock);
      yield* up_write(memory_lock);
      return `${writer} ${reader}`;
    });
    expect(tried).toBe('true false');
  });
  test('readers and a writer exclude each other under every interleaving', () => {
    const found = ends(
      {
        A: function* ({ vdev: { memory_lock, vma_lock } }) {
          yield* down_read(memory_lock);
          yield* mutex_lock(vma_lock);
          yield* mutex_unlock(vma_lock);
          yield* up_read(memory_lock);
        },
        B: function* ({ vdev: { memory_lock } }) {
          yield* down_write(memory_lock);
          yield* up_write(memory_lock);
        },
      },
      () => 'done',
    );
    expect(found).toEqual(['done']);
  });
  test('a writer who waits stops new readers, also those who try', () => {
    const found = ends(
      {
        A: function* ({ vdev: { memory_lock } }) {
          yield* down_read(memory_lock);
          const second = yield* down_read_trylock(memory_lock);
          if (second) yield* up_read(memory_lock);
          yield* up_read(memory_lock);
          return second;
        },
        B: function* ({ vdev: { memory_lock } }) {
          yield* down_write(memory_lock);
          yield* up_write(memory_lock);
        },
      },
      (_machine, now) => `A got it twice: ${now.returned('A')}`,
    );
    expect(found).toEqual(['A got it twice: false', 'A got it twice: true']);
  });
  test('so a task that reads twice, and a writer in between, wait for each other (B8)', () => {
    const found = ends(
      {
        A: function* ({ vdev: { memory_lock } }) {
          yield* down_read(memory_lock);
          yield* down_read(memory_lock);
          yield* up_read(memory_lock);
          yield* up_read(memory_lock);
        },
        B: function* ({ vdev: { memory_lock } }) {
          yield* down_write(memory_lock);
          yield* up_write(memory_lock);
        },
      },
      () => 'both done',
    );
    expect(found.map((each) => each.split(':')[0])).toEqual(['both done', 'deadlock']);
  });
  test.each([
    ['up_read', up_read],
    ['up_write', up_write],
  ])('%s of what is not held is misuse', (_name, up) => {
    expect(run((machine) => up(machine.vdev.memory_lock))).toMatch(/^lock misuse: .*memory_lock/);
  });
});
