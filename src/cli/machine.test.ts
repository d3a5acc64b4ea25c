import { describe, expect, it } from 'vitest';
import { plainLook } from './look.ts';
import { machineLines } from './machine.ts';
import { widthOf } from './prose.ts';

const picture = {
  tables: [
    { process: 'p', level: 'pgd', name: 'pgd', entries: [{ index: 0, name: 'pgd[0]', text: 'table' }] },
    {
      process: 'p',
      level: 'pte',
      name: 'pte table of v',
      entries: [
        { index: 0, name: 'v[0]', text: 'bar0[0]' },
        { index: 1, name: 'v[1]', text: '' },
      ],
    },
  ],
  vmas: [{ name: 'v', process: 'p', start: '0x10000000', end: '0x10004000', state: 'mapped' }],
  locks: [
    { name: 'vma_lock', holders: [] },
    { name: 'mmap_lock', holders: ['A', 'B'] },
  ],
  list: ['v', 'v'],
  device: { memory: 'enabled' },
};

describe('machineLines', () => {
  it('shows pages, mappings, locks with who waits, the list and the device', () => {
    const waits = [{ task: 'C', lock: 'mmap_lock', heldBy: ['A', 'B'] }];
    expect(machineLines(plainLook, picture, waits).join('\n')).toBe(
      [
        '  pages     v[0] bar0[0], v[1] empty',
        '  vmas      v mapped',
        '  locks     vma_lock free, mmap_lock held by A and B (C waits)',
        '  vma_list  v v',
        '  device    memory enabled',
      ].join('\n'),
    );
  });

  it('shows the names and values of a program that is no kernel', () => {
    expect(machineLines(plainLook, { faults: 3, waiting: [] })).toEqual(['  faults   3', '  waiting  empty']);
    expect(machineLines(plainLook, undefined)).toEqual([]);
  });

  it('is no wider than the look', () => {
    const entries = Array.from({ length: 30 }, (_, index) => ({ name: `v[${index}]`, text: `bar0[${index}]` }));
    const lines = machineLines({ ...plainLook, width: 40 }, { ...picture, tables: [{ entries }] });
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(40);
    expect(lines.join(' ')).toContain('v[29] bar0[29]');
  });

  it.each([[{ tables: 1 }], [{ tables: [1, { entries: [null] }], locks: 'x', device: 7 }], [[]], ['x']])(
    'survives %j',
    (odd) => expect(() => machineLines(plainLook, odd)).not.toThrow(),
  );
});

describe('the machine of a trace', () => {
  const locks = (holder?: string) => [
    { name: 'vma_lock', holders: holder === undefined ? [] : [holder] },
    { name: 'ptl of v', holders: [] },
    { name: 'memory_lock', holders: [] },
  ];
  const at = (holder: string | undefined, list: string[]) => ({
    tables: [],
    vmas: [{ name: 'v', state: 'mapped' }],
    locks: locks(holder),
    list,
    device: { memory: 'enabled' },
  });
  const step = (picture: unknown) => ({ picture, blocked: [{ task: 'B', lock: 'memory_lock', heldBy: ['A'] }] });
  const trace = { picture: at(undefined, []), steps: [step(at('A', [])), step(at(undefined, ['v']))] };

  it('has what the trace touches, and no more', () => {
    const lines = machineLines(plainLook, at(undefined, ['v']), [], trace as never);
    expect(lines).toEqual(['  locks     vma_lock free, memory_lock free', '  vma_list  v']);
  });
});
