import { describe, expect, test } from 'vitest';
import { keptRecordings } from './node/recordings.ts';
import { episodesOf, readEpisode, readObservation, tellObservation } from './observation.ts';
import { parseRecording, type RecordedEvent, type Recording } from './recording.ts';

const base = 0x7f0000000000;
const at = (page: number) => ({ address: `0x${(base + page * 4096).toString(16)}` });
const [mmap, vma, memory] = ['0xa', '0xb', '0xc'].map((lock) => ({ lock }));

/** One fault, as 6.1 has it. */
const fault = (thread: string, page: number): RecordedEvent[] => [
  [thread, 'page_fault_user', at(page)],
  [thread, 'down_read_trylock_in', mmap ?? {}],
  [thread, 'down_read_trylock_out', { ret: '1' }],
  [thread, 'pte_none_seen', at(page)],
  [thread, 'fault_in', at(page)],
  [thread, 'mutex_lock_in', vma ?? {}],
  [thread, 'mutex_lock_out', {}],
  [thread, 'down_read_in', memory ?? {}],
  [thread, 'down_read_out', {}],
  [thread, 'remap_in', { ...at(0), pfn: '0xfea00', size: '0x4000' }],
  [thread, 'remap_out', { ret: '0' }],
  [thread, 'up_read_in', memory ?? {}],
  [thread, 'mutex_unlock_in', vma ?? {}],
  [thread, 'fault_out', { ret: '0x100' }],
  [thread, 'up_read_in', mmap ?? {}],
];
const mark = (text: string): RecordedEvent => ['T0', 'mark', { text }];
const recording = (events: readonly RecordedEvent[], more: Partial<Recording> = {}): Recording => ({
  schema: 'faultline/recording/1',
  kernel: '6.1',
  date: '2026-11-27',
  command: '',
  variant: 'stock',
  mode: 'remap',
  threads: 2,
  cpus: 2,
  pages: 4,
  bug: null,
  stale: 0,
  events,
  ...more,
});
const told = (events: readonly RecordedEvent[], more?: Partial<Recording>) =>
  episodesOf(recording(events, more)).map(({ observations }) => observations.map(tellObservation));

describe('episodesOf', () => {
  test('pages instead of addresses, and locks by their names', () => {
    expect(told([mark('iter=1'), ...fault('T1', 2)])).toEqual([
      [
        'B page_fault_user(page 2)',
        'B down_read_in(mmap_lock)',
        'B down_read_out(mmap_lock)',
        'B pte_none_seen(page 2)',
        'B fault_in(page 2)',
        'B mutex_lock_in(vma_lock)',
        'B mutex_lock_out(vma_lock)',
        'B down_read_in(memory_lock)',
        'B down_read_out(memory_lock)',
        'B remap_in(pages 0 to 3, pfn 0xfea00)',
        'B remap_out() = 0',
        'B up_read_in(memory_lock)',
        'B mutex_unlock_in(vma_lock)',
        'B fault_out() = 256',
        'B up_read_in(mmap_lock)',
      ],
    ]);
  });

  test('one for each iteration, without what comes before the first, and after the mapping is gone', () => {
    const unmapped: RecordedEvent[] = [
      ['T0', 'close_in', {}],
      ['T0', 'mutex_lock_in', vma ?? {}],
    ];
    const episodes = told([
      ...fault('T0', 1),
      mark('iter=1'),
      ...fault('T0', 0),
      ...unmapped,
      mark('iter=2'),
      ...fault('T1', 3),
    ]);
    expect(episodes.map((each) => each[0])).toEqual(['A page_fault_user(page 0)', 'B page_fault_user(page 3)']);
    expect(episodes.map((each) => each.length)).toEqual([15, 15]);
  });

  test('faults elsewhere, and the locks that they take, are left out', () => {
    const elsewhere: RecordedEvent[] = [
      ['T1', 'page_fault_user', { address: '0x7e0000000000' }],
      ['T1', 'down_read_trylock_in', mmap ?? {}],
      ['T1', 'down_read_trylock_out', { ret: '1' }],
      ['T1', 'up_read_in', mmap ?? {}],
    ];
    const [traced, without] = [[...elsewhere, ...fault('T0', 0), ...elsewhere], fault('T0', 0)].map((events) =>
      told([mark('iter=1'), ...events]),
    );
    expect(traced).toEqual(without);
  });

  test('where the kernel died, and a read that worked while memory was off', () => {
    const died = told([mark('iter=1'), ...fault('T0', 0).slice(0, 10)], {
      bug: { at: 'mm/memory.c:2402', thread: 'T0' },
    });
    expect(died[0]?.at(-1)).toBe('A bug()');
    expect(told([mark('iter=1'), ...fault('T1', 0), mark('stale=2')], { mode: 'race' })[0]?.at(-1)).toBe(
      'A stale(page 2)',
    );
  });
});

test.each([
  ['text', 'no recording'],
  ['null', '"schema"'],
  ['{"schema":"other"}', 'its "schema" is "other"'],
  [JSON.stringify(recording([])), 'no events'],
  [JSON.stringify({ ...recording([]), events: [['T0', 'mark']] }), 'event 0 is not'],
])('%s is refused', (text, message) => {
  expect(() => parseRecording(text)).toThrow(message);
});

test('an event that was told can be read again', () => {
  const all = Object.values(keptRecordings()).flatMap((recording) => episodesOf(recording));
  for (const { observations, pages, pfn, locks } of all) {
    const events = observations.map(tellObservation).join('\n');
    const read = readEpisode({ pages, pfn, events });
    expect(read.observations).toEqual(observations);
    expect(locks).toEqual(expect.arrayContaining([...read.locks]));
  }
});

test('what is no event cannot be read', () => {
  expect(() => readObservation('A dances(vma_lock)')).toThrow('this is no event of a recording: A dances(vma_lock)');
});
