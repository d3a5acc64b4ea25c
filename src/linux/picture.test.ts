import { describe, expect, test } from 'vitest';
import { replay } from '#explore';
import {
  disableMemory,
  fault,
  fork,
  lowPower,
  mprotect,
  mremap,
  munmap,
  reset,
  setPowerState,
  wakeUp,
  write,
} from './deeds/index.ts';
import type { WorldDescription } from './description.ts';
import { generations } from './drivers/vfio/pci/generations/index.ts';
import type { Picture } from './picture.ts';
import { oneVma } from './testing.ts';
import { simulate } from './world.ts';

function pictures(changes: Partial<WorldDescription> = {}, schedule = ''): Picture[] {
  const world = { ...oneVma, tasks: { A: fault('v', 0) }, ...changes };
  const { picture, steps } = replay(simulate(world, generations.v5_14), schedule);
  return [picture, ...steps.map((step) => step.picture)] as Picture[];
}
const lowest = (picture: Picture | undefined) =>
  picture?.tables.filter(({ level }) => level === 'pte').map(({ entries }) => entries.map(({ text }) => text).join());

describe('the picture', () => {
  test('at boot: tables down to empty entries, vmas, locks, list, device', () => {
    expect(pictures()[0]).toEqual({
      tables: [
        { process: 'p', level: 'pgd', name: 'pgd', entries: [{ index: 0, name: 'pgd[0]', text: 'table' }] },
        { process: 'p', level: 'pud', name: 'pud', entries: [{ index: 0, name: 'pud[0]', text: 'table' }] },
        { process: 'p', level: 'pmd', name: 'pmd', entries: [{ index: 128, name: 'pmd[128]', text: 'table' }] },
        {
          process: 'p',
          level: 'pte',
          name: 'pte table of v',
          entries: [
            { index: 0, name: 'v[0]', text: '' },
            { index: 1, name: 'v[1]', text: '' },
          ],
        },
      ],
      vmas: [{ name: 'v', process: 'p', start: '0x10000000', end: '0x10002000', state: 'mapped' }],
      locks: [
        { name: 'vma_lock', holders: [] },
        { name: 'memory_lock', holders: [] },
        { name: 'mmap_lock', holders: [] },
        { name: 'ptl of v', holders: [] },
      ],
      list: [],
      device: { memory: 'enabled', vconfig: 'enabled' },
    });
  });
  test('at the end: which page of which BAR, and the list', () => {
    const last = pictures().at(-1);
    expect(lowest(last)).toEqual(['bar0[0],bar0[1]']);
    expect(last?.list).toEqual(['v']);
  });
  test('frames of RAM, and what TLBs keep', () => {
    const last = pictures({
      vmas: { a: { anonymous: 2, process: 'p' } },
      tlb: 'modelled',
      tasks: { A: [write('a', 0), fault('a', 1)] },
    }).at(-1);
    expect(lowest(last)).toEqual(['page A.1,zero page']);
    expect(last?.tlbs).toEqual([
      {
        task: 'A',
        process: 'p',
        entries: [
          { name: 'a[0]', text: 'page A.1' },
          { name: 'a[1]', text: 'zero page' },
        ],
      },
    ]);
  });
  test('how many faults are counted, where a world asks for it', () => {
    const counted = pictures({ counts: 'faults' });
    expect(counted[0]?.faults).toEqual([{ task: 'A', all: 0, major: 0, minor: 0 }]);
    expect(counted.at(-1)?.faults).toEqual([{ task: 'A', all: 1, major: 0, minor: 1 }]);
    expect(pictures()[0]).not.toHaveProperty('faults');
  });
  test('who holds what', () => {
    const held = pictures()[7]?.locks.flatMap(({ name, holders }) =>
      holders.length > 0 ? [`${name} ${holders}`] : [],
    );
    expect(held).toEqual(['vma_lock A', 'memory_lock A', 'mmap_lock A', 'ptl of v A']);
  });
  test('tables on demand are there once they are made', () => {
    const upper = (picture: Picture | undefined) => picture?.tables.slice(0, 3).map(({ entries }) => entries[0]?.text);
    const seen = pictures({ pageTables: 'on demand' });
    expect(upper(seen[0])).toEqual(['', '', '']);
    expect(upper(seen.at(-1))).toEqual(['table', 'table', 'table']);
    const lowest = pictures({ pageTables: 'lowest on demand' });
    expect(upper(lowest[0])).toEqual(['table', 'table', '']);
    expect(upper(lowest.at(-1))).toEqual(['table', 'table', 'table']);
  });
  test('a vma that is gone', () => {
    const last = pictures({ tasks: { A: munmap('v') } }).at(-1);
    expect(last?.vmas.map(({ state }) => state)).toEqual(['freed']);
  });
  test('vmas that come: what they cover, and whose they are', () => {
    const shown = (tasks: WorldDescription['tasks']) =>
      pictures({ tasks })
        .at(-1)
        ?.vmas.map(({ name, process, start, end, state }) => [name, process, start, end, state].join(' '));
    expect(shown({ A: mprotect('v', 'r', { first: 1 }) })).toEqual([
      'v p 0x10001000 0x10002000 mapped',
      "v' p 0x10000000 0x10001000 mapped",
    ]);
    expect(shown({ A: mremap('v', 'w') })).toEqual([
      'v p 0x10000000 0x10002000 freed',
      'w p 0x10200000 0x10202000 mapped',
    ]);
    expect(shown({ A: [munmap('v', { first: 1 }), fork('c')] })).toEqual([
      'v p 0x10000000 0x10001000 mapped',
      'c.v c 0x10000000 0x10001000 mapped',
    ]);
  });
  describe('the device’s power', () => {
    const powerIn = (changes: Partial<WorldDescription>) =>
      pictures({ kernel: '6.1', ...changes }).flatMap(({ device }) => device.power ?? []);

    test('as tasks change it', () => {
      expect(new Set(powerIn({ tasks: { A: setPowerState('D3hot') } }))).toEqual(new Set(['D0', 'D3hot']));
      expect(powerIn({ power: 'D3hot', tasks: { A: reset() } }).at(0)).toBe('D3hot');
      expect(powerIn({ power: 'D3hot', tasks: { A: reset() } }).at(-1)).toBe('D0');
      expect(powerIn({ tasks: { A: lowPower() } }).at(-1)).toBe('D3hot');
      expect(powerIn({ tasks: { A: [lowPower(), wakeUp()] } }).at(-1)).toBe('D0');
    });
    test('not where none does', () => {
      expect(powerIn({ power: 'D3hot', tasks: { A: disableMemory() } })).toEqual([]);
    });
  });
  test('is plain JSON', () => {
    for (const picture of pictures()) expect(JSON.parse(JSON.stringify(picture))).toEqual(picture);
  });
});
