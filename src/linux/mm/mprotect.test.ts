import { describe, expect, test } from 'vitest';
import { explore } from '#explore';
import { PAGE_SIZE } from '../arch/x86/include/asm/page_types.ts';
import { fault, mprotect, munmap, write } from '../deeds/index.ts';
import type { WorldDescription } from '../description.ts';
import { driverWith, generations } from '../drivers/vfio/pci/generations/index.ts';
import { EACCES, EINVAL, ENOMEM } from '../include/linux/errno.ts';
import { VM_MAYWRITE, VM_READ, VM_WRITE } from '../include/linux/mm.ts';
import type { vm_area_struct } from '../include/linux/mm_types.ts';
import type { Kernel } from '../kernel.ts';
import type { Machine } from '../machine.ts';
import { kindsOf, oneVma, run } from '../testing.ts';
import { reshape } from '../vma.ts';
import { simulate } from '../world.ts';
import { vmf_insert_pfn } from './memory.ts';
import { do_mprotect_pkey } from './mprotect.ts';

const v = ({ vmas }: Machine) => vmas.v as vm_area_struct;

/** How the tasks end under every interleaving, and what goes wrong. */
function ends(tasks: WorldDescription['tasks'], fail: WorldDescription['fail'] = {}, pages = 2): string[] {
  const found = explore(simulate({ ...oneVma, bars: { bar0: pages }, tasks, fail }, generations.v5_14), {
    stopAt: 'never',
  });
  return [...Object.keys(found.outcomes), ...kindsOf(found)];
}

describe('mprotect', () => {
  test('read-only: a read goes through, a write is SIGSEGV', () => {
    expect(ends({ A: [mprotect('v', 'r'), fault('v', 0)] })).toEqual(['A mapped']);
    expect(ends({ A: [mprotect('v', 'r'), write('v', 0)] })).toEqual(['A SIGSEGV']);
  });
  test('the entries that are there change with it', () => {
    expect(ends({ A: [write('v', 0), mprotect('v', 'r'), write('v', 0)] })).toEqual(['A SIGSEGV']);
    expect(ends({ A: [write('v', 0), mprotect('v', 'r'), fault('v', 1)] })).toEqual(['A mapped']);
  });
  test('so do those that are made later: a read fault of a read-only vma makes none to write through', () => {
    expect(ends({ A: [mprotect('v', 'r'), fault('v', 0), write('v', 0)] })).toEqual(['A SIGSEGV']);
  });
  test('writable again: writes go through, without a fault', () => {
    const tasks = { A: [fault('v', 0), mprotect('v', 'r'), mprotect('v', 'rw'), write('v', 0)] };
    expect(ends(tasks)).toEqual(['A mapped']);
  });
  test('a write that meets it comes before or after', () => {
    expect(ends({ A: write('v', 0), M: mprotect('v', 'r') })).toEqual([
      'A SIGSEGV, M made read-only',
      'A mapped, M made read-only',
    ]);
  });

  test.each([
    ['the first page', { pages: 1 }, ['SIGSEGV', 'mapped', 'mapped']],
    ['the last', { first: 2 }, ['mapped', 'mapped', 'SIGSEGV']],
    ['the one between', { first: 1, pages: 1 }, ['mapped', 'SIGSEGV', 'mapped']],
    ['all', {}, ['SIGSEGV', 'SIGSEGV', 'SIGSEGV']],
  ] as const)('of a part, cut out: %s', (_name, range, expected) => {
    const told = [0, 1, 2].map((page) =>
      ends({ A: [fault('v', 0), mprotect('v', 'r', range), write('v', page)] }, {}, 3).join(),
    );
    expect(told).toEqual(expected.map((each) => `A ${each}`));
  });
  test('what was cut is not put together again, and each part works on', () => {
    const tasks = {
      A: [mprotect('v', 'r', { first: 1 }), mprotect('v', 'rw', { first: 1 }), write('v', 0), write('v', 1)],
    };
    expect(ends(tasks)).toEqual(['A mapped']);
  });

  test.each([1, 2])('no memory for the part that cut %d makes', (allocation) => {
    const tasks = { A: [mprotect('v', 'r', { first: 1, pages: 1 }), write('v', 1)] };
    const world = ends(tasks, { A: { allocations: [allocation] } }, 3);
    expect(world).toEqual(['A mapped']);
    const alone = ends({ A: mprotect('v', 'r', { first: 1, pages: 1 }) }, { A: { allocations: [allocation] } }, 3);
    expect(alone).toEqual(['A out of memory']);
  });
  test('where a part of the range belongs to no vma: what comes before it is changed', () => {
    const tasks = { A: [munmap('v', { first: 1 }), mprotect('v', 'r'), write('v', 0)] };
    expect(ends(tasks)).toEqual(['A SIGSEGV']);
  });
});

describe('do_mprotect_pkey returns', () => {
  const changing = { tasks: { A: mprotect('v', 'r', { first: 1 }) } };
  const result = (start: number, len: number, code: (machine: Machine) => Kernel = function* () {}) =>
    run(function* (machine) {
      yield* code(machine);
      return yield* do_mprotect_pkey(v(machine).vm_mm, v(machine).vm_start + start, len, VM_READ | VM_WRITE);
    }, changing);

  test('0', () => expect(result(0, PAGE_SIZE)).toBe(0));
  test('-EINVAL for a range that is none', () => {
    expect([result(1, PAGE_SIZE), result(0, 0)]).toEqual([-EINVAL, -EINVAL]);
  });
  test('-ENOMEM where no vma is', () => {
    expect(result(-PAGE_SIZE, PAGE_SIZE)).toBe(-ENOMEM);
    expect(result(PAGE_SIZE, 2 * PAGE_SIZE)).toBe(-ENOMEM);
  });
  test('-EACCES for what the vma may never allow', () => {
    const forbid = function* (machine: Machine) {
      yield* reshape(v(machine), { vm_flags: v(machine).vm_flags & ~(VM_WRITE | VM_MAYWRITE) });
    };
    expect(result(0, PAGE_SIZE, forbid)).toBe(-EACCES);
  });
});

test('a handler sees the part that its fault is in', () => {
  const seen = new Set<string>();
  const driver = driverWith({
    fault(vmf) {
      seen.add(`${vmf.pgoff - vmf.vma.vm_pgoff} of ${(vmf.vma.vm_end - vmf.vma.vm_start) / PAGE_SIZE}`);
      return vmf_insert_pfn(vmf.vma, vmf.address, vmf.pgoff);
    },
  });
  const tasks = { A: [mprotect('v', 'r', { first: 1 }), fault('v', 2)] };
  const found = explore(simulate({ ...oneVma, bars: { bar0: 3 }, tasks }, driver, { rules: ['wrong page'] }));
  expect([found.verdict, ...seen]).toEqual(['holds', '1 of 2']);
});
