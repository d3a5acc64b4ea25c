import { describe, expect, test } from 'vitest';
import type { Trace, TraceStep } from '#explore';
import { traceOf } from '../experiments.ts';
import { touchedIn } from './touched.ts';

const names = (id: string) => [...touchedIn(traceOf(id))].sort();

describe('touchedIn', () => {
  test('one access, one handler: the locks of the walk, and nothing that later lessons are about', () => {
    expect(names('one-fault/nopage')).toEqual(['mmap_lock']);
    expect(names('one-fault/first-touch')).toEqual(['mmap_lock', 'ptl of v']);
  });

  test('what is taken, filled or tested', () =>
    expect(names('reproduce-the-bug/one-thread')).toEqual([
      'memory',
      'memory_lock',
      'mmap_lock',
      'ptl of v',
      'vma_list',
      'vma_lock',
    ]));

  test('no list where the handler has none', () => expect(names('insert-pfn/no-lock')).not.toContain('vma_list'));
  test('what a config write changes', () =>
    expect(names('what-was-merged/one-fault-one-write')).toEqual(expect.arrayContaining(['memory', 'vconfig'])));

  const traceWith = (...devices: object[]): Trace => ({
    program: 'p',
    schedule: '',
    steps: devices.map(
      (device) => ({ picture: { device }, operation: 'x', plain: [], blocked: [] }) as never as TraceStep,
    ),
    ending: { kind: 'returned' },
  });
  test('power that was less than all at some time', () => {
    expect([...touchedIn(traceWith({ power: 'D0' }, { power: 'D3hot' }))]).toEqual(['power']);
    expect([...touchedIn(traceWith({ power: 'D0' }, { power: 'D0' }))]).toEqual([]);
  });
  test('memory that was off from the beginning, tested or not', () => {
    expect([...touchedIn(traceWith({ memory: 'disabled' }))]).toEqual(['memory']);
  });
});
