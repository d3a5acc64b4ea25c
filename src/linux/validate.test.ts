import { describe, expect, test } from 'vitest';
import { explore } from '#explore';
import {
  disableMemory,
  fault,
  functionLevelReset,
  hotReset,
  lowPower,
  mapRom,
  munmap,
  readBar,
  reset,
  setUpInterrupts,
  truncate,
  wakeUp,
  writeBar,
} from './deeds/index.ts';
import type { WorldDescription } from './description.ts';
import { generations } from './drivers/vfio/pci/generations/index.ts';
import { validate } from './validate.ts';
import { WorldError } from './words.ts';
import { simulate } from './world.ts';

const good = {
  bars: { bar0: 4 },
  vmas: { v: { bar: 'bar0', process: 'p' } },
  tasks: { A: fault('v', 0), B: [fault('v', 3), munmap('v')] },
} satisfies WorldDescription;

const vma = good.vmas.v;

describe('a good description', () => {
  test.each([
    ['plain', {}],
    [
      'with everything',
      { memory: 'disabled', pageTables: 'on demand', fail: { A: { allocations: [2], remapAtPage: 3 } } },
    ],
    ['a failure that repeats', { fail: { A: { allocations: 'all' } } }],
    ['eight pages, two vmas', { vmas: { v: vma, w: vma } }],
    ['anonymous memory beside a BAR', { vmas: { v: vma, a: { anonymous: 2, process: 'p' } } }],
    ['no BAR, where none is mapped', { bars: undefined, vmas: { v: { anonymous: 4, process: 'p' } } }],
    ['files', { files: { f: 4 }, vmas: { v: { file: 'f', process: 'p', shared: true } } }],
    ['a truncate', { files: { f: 4 }, tasks: { A: truncate('f', 0) } }],
    ['a file of which some is on disk', { files: { f: { pages: 2, onDisk: [1] } }, faultAround: 4 }],
    ['TLBs', { tlb: 'modelled' }],
    ['faults that are counted', { counts: 'faults' }],
    ['four tasks', { tasks: { A: fault('v', 0), B: fault('v', 0), C: fault('v', 0), D: disableMemory() } }],
  ] as const)('%s', (_name, changes) =>
    expect(() => simulate({ ...good, ...changes }, generations.v5_14)).not.toThrow(),
  );

  test('each vma begins a table of its own', () => {
    const addresses = validate({ ...good, vmas: { v: vma, w: vma } });
    expect([...addresses]).toEqual([
      ['v', 0x10000000],
      ['w', 0x10200000],
    ]);
  });
  test('of another process it may begin at the same address', () => {
    const addresses = validate({ ...good, vmas: { v: vma, w: { bar: 'bar0', process: 'q' } } });
    expect([...addresses.values()]).toEqual([0x10000000, 0x10000000]);
  });
  test('is not changed, nor frozen', () => {
    const given = { ...good, tasks: { A: fault('v', 0) } };
    explore(simulate(given, generations.v5_14));
    expect([Object.isFrozen(given), Object.isFrozen(given.tasks.A)]).toEqual([false, false]);
  });
});

const cases: readonly (readonly [string, unknown, string | RegExp])[] = [
  ['not an object', 7, /^a world is 7: write \{ bars, .*vmas, .*\}$/],
  ['an unknown part', { ...good, task: {} }, /^a world has no "task": it has bars, .*tasks, /],
  ['no bars', { ...good, bars: {} }, 'bars is empty: write bars: { bar0: 4 }'],
  ['bars missing', { ...good, bars: undefined }, 'bars is undefined: write bars: { bar0: 4 }'],
  [
    'too many BARs',
    { ...good, bars: Object.fromEntries([0, 1, 2, 3, 4, 5, 6].map((bar) => [`bar${bar}`, 1])) },
    'bars are 7: a device has at most 6',
  ],
  ['a BAR without pages', { ...good, bars: { bar0: 0 } }, 'bars.bar0 is 0: say how many pages it has, such as 4'],
  ['half a page', { ...good, bars: { bar0: 1.5 } }, 'bars.bar0 is 1.5: say how many pages it has, such as 4'],
  [
    'a BAR too large',
    { ...good, bars: { bar0: 9 } },
    /^bars.bar0 has 9 pages: at most 8 can be explored; of a larger one/,
  ],
  [
    'an odd name of a BAR',
    { ...good, bars: { 'bar 0': 1 } },
    "bars: 'bar 0' is no name: use a name of letters, digits and _",
  ],
  [
    'a vma of several things',
    { ...good, vmas: { v: { ...vma, anonymous: 1 } } },
    'vmas.v maps several things: give it a bar, a file, or so many anonymous pages',
  ],
  [
    'anonymous memory without pages',
    { ...good, vmas: { v: { anonymous: 0, process: 'p' } } },
    'vmas.v.anonymous is 0: say how many pages it has, 1 to 8',
  ],
  [
    'shared anonymous memory',
    { ...good, vmas: { v: { anonymous: 1, process: 'p', shared: true } } },
    'vmas.v is shared: that is said of a file; a BAR always is, anonymous memory never',
  ],
  [
    'a shared that is neither',
    { ...good, files: { f: 1 }, vmas: { v: { file: 'f', process: 'p', shared: 'yes' } } },
    "vmas.v.shared is 'yes': write true or false",
  ],
  [
    'a device of no BAR',
    { ...good, vmas: { v: { anonymous: 4, process: 'p', device: 'd' } } },
    'vmas.v has a device, and maps no BAR of it: leave it out',
  ],
  ['no files', { ...good, files: {} }, 'files is empty: write files: { f: 2 }'],
  ['a file too large', { ...good, files: { f: 9 } }, 'files.f is 9: say how many pages it has, 1 to 8'],
  [
    'a page on disk that the file does not have',
    { ...good, files: { f: { pages: 2, onDisk: [2] } } },
    'files.f.onDisk is [2]: list some of its pages, 0 to 1',
  ],
  ['an unknown part of a file', { ...good, files: { f: { size: 2 } } }, /^files.f has no "size": it has pages, onDisk/],
  ['a fault around three pages', { ...good, faultAround: 3 }, 'faultAround is 3: write 1 or 2 or 4 or 8'],
  [
    'an unknown file',
    { ...good, files: { f: 1 }, vmas: { v: { file: 'g', process: 'p' } } },
    "vmas.v: there is no file 'g'; there is f",
  ],
  [
    'too much anonymous memory',
    { ...good, vmas: { v: vma, w: vma, a: { anonymous: 1, process: 'p' } } },
    'the vmas map 9 pages: at most 8 can be explored; make one of them smaller',
  ],
  [
    'a file to truncate that is none',
    { ...good, files: { f: 1 }, tasks: { A: truncate('g', 0) } },
    "tasks.A, truncate: there is no file 'g'; there is f",
  ],
  [
    'a truncate that would grow it',
    { ...good, files: { f: 2 }, tasks: { A: truncate('f', 2) } },
    'tasks.A, truncate(f, 2): say how many of its pages are left, 0 to 1',
  ],
  ['a TLB that is neither', { ...good, tlb: 'on' }, "tlb is 'on': write 'none' or 'modelled'"],
  [
    'a refused page without a BAR',
    { ...good, bars: undefined, vmas: { v: { anonymous: 4, process: 'p' } }, fail: { A: { remapAtPage: 0 } } },
    'fail.A.remapAtPage is 0: this world has no BAR; leave it out',
  ],
  ['no vmas', { ...good, vmas: {} }, "vmas is empty: write vmas: { v: { bar: 'bar0', process: 'p' } }"],
  [
    'an unknown BAR',
    { ...good, vmas: { v: { ...vma, bar: 'bar1' } } },
    "vmas.v: there is no BAR 'bar1'; there is bar0",
  ],
  ['a vma that is no object', { ...good, vmas: { v: 'bar0' } }, /^vmas.v is 'bar0': write \{ bar, .*process, .*\}$/],
  [
    'a right that there is not',
    { ...good, vmas: { v: { ...vma, prot: 'write' } } },
    "vmas.v.prot is 'write': write 'read' or 'read-write'",
  ],
  ['an unknown part of a vma', { ...good, vmas: { v: { ...vma, pages: 2 } } }, /^vmas.v has no "pages": it has bar, /],
  [
    'no process',
    { ...good, vmas: { v: { bar: 'bar0' } } },
    "vmas.v.process is undefined: name the process that maps it, such as 'p'",
  ],
  [
    'an odd address',
    { ...good, vmas: { v: { ...vma, at: 7 } } },
    'vmas.v.at is 7: give the address of a page, such as 0x10000000',
  ],
  [
    'an address too high',
    { ...good, vmas: { v: { ...vma, at: 2 ** 31 - 0x1000 } } },
    'vmas.v ends at 0x80003000: addresses of worlds end at 0x80000000',
  ],
  [
    'vmas that overlap',
    { ...good, vmas: { v: { ...vma, at: 0x1000 }, w: { ...vma, at: 0x4000 } } },
    'vmas.w (0x4000 to 0x8000) overlaps v in process p: give one of them another "at"',
  ],
  [
    'too many pages',
    { ...good, vmas: { v: vma, w: vma, x: vma } },
    'the vmas map 12 pages: at most 8 can be explored; make a BAR smaller',
  ],
  ['a memory that is neither', { ...good, memory: 'off' }, "memory is 'off': write 'enabled' or 'disabled'"],
  [
    'page tables that are neither',
    { ...good, pageTables: 'lazy' },
    "pageTables is 'lazy': write 'present' or 'on demand' or 'lowest on demand'",
  ],
  [
    'an answer that is none',
    { ...good, unanswered: 'zero' },
    "unanswered is 'zero': write 'ends the task' or 'all ones' or 'machine check'",
  ],
  [
    'signals of another kind',
    { ...good, signals: 'ignored' },
    "signals is 'ignored': write 'end the task' or 'handled'",
  ],
  ['memtypes that are not tracked', { ...good, memtypes: 'yes' }, "memtypes is 'yes': write 'tracked'"],
  ['counts of something else', { ...good, counts: 'pages' }, "counts is 'pages': write 'faults'"],
  ['no tasks', { ...good, tasks: {} }, "tasks is empty: write tasks: { A: fault('v', 0) }"],
  [
    'five tasks',
    { ...good, tasks: Object.fromEntries([...'ABCDE'].map((name) => [name, fault('v', 0)])) },
    'there are 5 tasks: at most 4 can be explored',
  ],
  [
    'a task with a digit',
    { ...good, tasks: { T1: fault('v', 0) } },
    "tasks: 'T1' is no name: use a name of letters and _ only, as schedules count steps with digits",
  ],
  ['an empty task', { ...good, tasks: { A: [] } }, 'tasks.A is an empty list: give it something to do'],
  [
    'an unknown kind of task',
    { ...good, tasks: { A: { kind: 'touch' } } },
    /^tasks.A is \{ kind \}: use fault\('v', 0\), .*munmap\('v'\), .*, or a list of them$/,
  ],
  [
    'a function for a task',
    { ...good, tasks: { A: disableMemory } },
    /^tasks.A is a function: use fault\('v', 0\), .*, or a list of them$/,
  ],
  ['an unknown vma', { ...good, tasks: { A: fault('w', 0) } }, "tasks.A, fault: there is no vma 'w'; there is v"],
  [
    'an unknown vma to unmap',
    { ...good, tasks: { A: munmap('w') } },
    "tasks.A, munmap: there is no vma 'w'; there is v",
  ],
  [
    'a page outside the vma',
    { ...good, tasks: { A: [fault('v', 0), fault('v', 4)] } },
    'tasks.A, fault(v, 4): v has no page 4; its pages are 0 to 3',
  ],
  [
    'a page that is no number',
    { ...good, bars: { bar0: 1 }, tasks: { A: { kind: 'fault', vma: 'v' } } },
    'tasks.A, fault(v, undefined): v has no page undefined; its pages are 0 only',
  ],
  [
    'a task in two processes',
    { ...good, vmas: { v: vma, w: { bar: 'bar0', process: 'q' } }, tasks: { A: [fault('v', 0), fault('w', 0)] } },
    'tasks.A touches vmas of p and q: a task belongs to one process',
  ],
  [
    'failures that are none',
    { ...good, fail: null },
    'fail is null: write fail: { A: { remapAtPage: 1 } }, or leave it out',
  ],
  ['a list', [], /^a world is \[\]: write \{ bars, /],
  ['a failure of nobody', { ...good, fail: { C: {} } }, "fail: there is no task 'C'; there is A, B"],
  [
    'a virtual function of an odd kind',
    { ...good, virtualFunction: 'yes' },
    "virtualFunction is 'yes': write true, or 'detached'",
  ],
  [
    'a virtual function with a memory bit',
    { ...good, virtualFunction: true, memory: 'disabled' },
    "memory is 'disabled', and a virtual function has no memory bit: leave it out",
  ],
  ['a power that is none', { ...good, power: 'D4' }, "power is 'D4': write 'D0' or 'D3hot'"],
  [
    'half a virtual function in use',
    { ...good, activeVfs: 0.5 },
    'activeVfs is 0.5: say how many of its virtual functions are in use, such as 1',
  ],
  [
    'a table of MSI-X outside the BAR',
    { ...good, bars: { bar0: { pages: 2, msixPage: 2 } } },
    'bars.bar0.msixPage is 2: give one of its pages, such as 0',
  ],
  [
    'traits of a device beside devices',
    { ...good, bars: undefined, devices: { d: { bars: good.bars } }, power: 'D3hot' },
    'a world has either devices, or power of its only device: move them into devices',
  ],
  [
    'traits that make no sense in one of several devices',
    { ...good, bars: undefined, devices: { d: { bars: good.bars, power: 'off' } } },
    "devices.d.power is 'off': write 'D0' or 'D3hot'",
  ],
  [
    'an unknown trait of one of several devices',
    { ...good, bars: undefined, devices: { d: { bars: good.bars, vf: true } } },
    /^devices.d has no "vf": it has bars, memory, virtualFunction, /,
  ],
  [
    'a power state that is none',
    { ...good, tasks: { A: { kind: 'setPowerState', state: 'D1' } } },
    "tasks.A, setPowerState: the state is 'D1': write 'D0' or 'D3hot'",
  ],
  [
    'no power state',
    { ...good, tasks: { A: { kind: 'setPowerState' } } },
    "tasks.A, setPowerState: undefined is no state: write 'D0' or 'D3hot'",
  ],
  ...([reset, functionLevelReset, lowPower, wakeUp, setUpInterrupts, mapRom, hotReset] as const).map(
    (deed) =>
      [
        `${deed.name} of an unknown device`,
        { ...good, tasks: { A: deed('d9') } },
        `tasks.A, ${deed.name}: there is no device 'd9'; there is vdev`,
      ] as const,
  ),
  [
    'a read of an unknown BAR',
    { ...good, tasks: { A: readBar('bar1', 0) } },
    "tasks.A, readBar: there is no BAR 'bar1'; there is bar0",
  ],
  [
    'a write beyond the BAR',
    { ...good, tasks: { A: writeBar('bar0', 4) } },
    'tasks.A, writeBar(bar0, 4): bar0 has no page 4; its pages are 0 to 3',
  ],
  [
    'a buffer beyond its vma',
    { ...good, tasks: { A: readBar('bar0', 0, undefined, { vma: 'v', page: 4 }) } },
    'tasks.A, readBar(bar0, 0, into v[4]): v has no page 4; its pages are 0 to 3',
  ],
  [
    'a buffer in an unknown vma',
    { ...good, tasks: { A: writeBar('bar0', 0, undefined, { vma: 'x', page: 0 }) } },
    "tasks.A, writeBar(bar0, 0, from x[0]): there is no vma 'x'; there is v",
  ],
  [
    'a device that half wakes',
    { ...good, fail: { A: { wakeUp: 1 } } },
    'fail.A.wakeUp is 1: write true, or leave it out',
  ],
  [
    'an unknown failure',
    { ...good, fail: { A: { remap: 1 } } },
    /^fail.A has no "remap": it has allocations, remapAtPage, /,
  ],
  [
    'allocations that are no list',
    { ...good, fail: { A: { allocations: 2 } } },
    "fail.A.allocations is 2: list which of its allocations fail, such as [1, 2], or say 'all'",
  ],
  [
    'an allocation 0',
    { ...good, fail: { A: { allocations: [0] } } },
    "fail.A.allocations is [0]: list which of its allocations fail, such as [1, 2], or say 'all'",
  ],
  [
    'a page beyond the BAR',
    { ...good, fail: { A: { remapAtPage: 4 } } },
    'fail.A.remapAtPage is 4: give the page of a BAR, 0 to 3',
  ],
];

describe('what makes no sense', () => {
  test.each(cases)('%s', (_name, description, message) => {
    const simulated = () => simulate(description as WorldDescription, generations.v5_14);
    expect(simulated).toThrow(WorldError);
    expect(simulated).toThrow(typeof message === 'string' ? expect.objectContaining({ message }) : message);
  });
  test('an unknown rule', () => {
    expect(() => simulate(good, generations.v5_14, { rules: ['no such' as never] })).toThrow(
      /^there is no rule 'no such'; there is live mapping, /,
    );
  });
});
