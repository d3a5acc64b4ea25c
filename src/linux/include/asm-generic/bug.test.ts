import { describe, expect, test } from 'vitest';
import { cell, explore } from '#explore';
import { mutex_lock, mutex_unlock } from '../../kernel/locking/mutex.ts';
import { programOf, run } from '../../testing.ts';
import { BUG, BUG_ON, WARN_ON } from './bug.ts';
import { READ_ONCE, WRITE_ONCE } from './rwonce.ts';

describe('BUG', () => {
  test('kills the task with its locks held, and no finally runs', () => {
    let ran = false;
    const found = explore(
      programOf({
        A: function* ({ vdev: { vma_lock } }) {
          yield* mutex_lock(vma_lock);
          try {
            yield* BUG('told');
          } finally {
            ran = true;
            yield* mutex_unlock(vma_lock);
          }
        },
      }),
    );
    expect(found.violation).toMatchObject({ kind: 'bug', message: 'told', held: [{ task: 'A', lock: 'vma_lock' }] });
    expect(ran).toBe(false);
  });
  test('BUG_ON goes on unless the condition holds', () => {
    expect(
      run(function* () {
        yield* BUG_ON(false);
        return 'on';
      }),
    ).toBe('on');
    expect(run(() => BUG_ON(true, 'so'))).toBe('bug: so');
  });
});

test('WARN_ON records, and gives the condition back', () => {
  expect(
    run(function* () {
      return yield* WARN_ON(false);
    }),
  ).toBe(false);
  expect(
    run(function* () {
      return yield* WARN_ON(true, 'look');
    }),
  ).toBe('warning: look');
});

test('READ_ONCE and WRITE_ONCE do not race with each other', () => {
  const touch = function* (field: ReturnType<typeof cell<number>>) {
    yield* WRITE_ONCE(field, 1);
    return yield* READ_ONCE(field);
  };
  const found = explore({
    name: 'marked',
    setup: () => ({ field: cell(0, 'field') }),
    tasks: ({ field }) => ({ A: () => touch(field), B: () => touch(field) }),
  });
  expect(found.verdict).toBe('holds');
});
