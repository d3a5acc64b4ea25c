import { describe, expect, test } from 'vitest';
import { explore, replay } from '#explore';
import { PAGE_SIZE } from '../arch/x86/include/asm/page_types.ts';
import { fault, mprotect, mremap, munmap } from '../deeds/index.ts';
import type { WorldDescription } from '../description.ts';
import { generations } from '../drivers/vfio/pci/generations/index.ts';
import { EFAULT, EINVAL } from '../include/linux/errno.ts';
import { type Machine, placeNamed } from '../machine.ts';
import { type RuleName, ruleNames } from '../rules.ts';
import { kindsOf, oneVma, run } from '../testing.ts';
import { simulate } from '../world.ts';
import { mremap_to } from './mremap.ts';

/** What must hold though the driver's list loses what is moved (B14). */
const withoutList: RuleName[] = [
  'live mapping',
  'outside the BAR',
  'wrong page',
  'listed twice',
  'listed but not mapped',
];

function ends(
  tasks: WorldDescription['tasks'],
  changes: Partial<WorldDescription> = {},
  rules = withoutList,
): string[] {
  const found = explore(simulate({ ...oneVma, tasks, ...changes }, generations.v5_14, { rules }), { stopAt: 'never' });
  return [...Object.keys(found.outcomes), ...kindsOf(found)];
}

describe('mremap to another address', () => {
  test('the mapping is there, and no longer here', () => {
    expect(ends({ A: [mremap('v', 'w'), fault('w', 1)] })).toEqual(['A mapped']);
    expect(ends({ A: [mremap('v', 'w'), fault('v', 1)] })).toEqual(['A SIGSEGV']);
  });
  test('takes its entries with it: the new place is touched without a fault', () => {
    const program = simulate(
      { ...oneVma, tasks: { A: [fault('v', 0), mremap('v', 'w'), fault('w', 1)] } },
      generations.v5_14,
    );
    const stacks = replay(program, '').steps.map(({ stack }) => stack.map((frame) => frame.function).join(' '));
    expect(stacks.filter((stack) => stack.includes('mremap_to')).length).toBeGreaterThan(0);
    const after = stacks.slice(stacks.findLastIndex((stack) => stack.includes('mremap_to')) + 1);
    expect(after.filter((stack) => stack.includes('exc_page_fault'))).toEqual([]);
  });
  test('whoever faults meanwhile comes before it or after', () => {
    expect(ends({ A: fault('v', 0), M: mremap('v', 'w') })).toEqual(['A SIGSEGV, M moved', 'A mapped, M moved']);
    expect(ends({ A: fault('w', 0), M: mremap('v', 'w') })).toEqual(['A SIGSEGV, M moved', 'A mapped, M moved']);
  });
  test('and back again: what is at the new address goes first', () => {
    expect(ends({ A: [fault('v', 0), mremap('v', 'w'), mremap('w', 'v'), fault('v', 0)] })).toEqual(['A mapped']);
  });
  test('twice: the second finds nothing', () => {
    expect(ends({ A: [mremap('v', 'w'), mremap('v', 'u')] })).toEqual(['A nothing to move']);
  });
  test('a range that is several vmas is refused', () => {
    expect(ends({ A: [mprotect('v', 'r', { first: 1 }), mremap('v', 'w')] })).toEqual(['A nothing to move']);
  });
  test('no memory for the vma: nothing happens', () => {
    const fail = { A: { allocations: [1] } };
    expect(ends({ A: mremap('v', 'w') }, { fail })).toEqual(['A out of memory']);
    expect(ends({ A: [mremap('v', 'w'), fault('v', 1)] }, { fail })).toEqual(['A mapped']);
  });
  test.each([
    ['the vma', 6],
    ['a table', 7],
  ])('no memory for %s: all stays where it was, listed as before', (_name, allocation) => {
    // The fault takes three tables (one of them is put by in case, and dropped), the remap one, and the list an entry.
    const changes = { pageTables: 'on demand', fail: { A: { allocations: [allocation] } } } as const;
    const all = (tasks: WorldDescription['tasks']) => ends(tasks, changes, ruleNames);
    expect(all({ A: [fault('v', 0), mremap('v', 'w')] })).toEqual(['A out of memory']);
    expect(all({ A: [fault('v', 0), mremap('v', 'w'), fault('w', 0)] })).toEqual(['A SIGSEGV']);
    expect(all({ A: [fault('v', 0), mremap('v', 'w'), fault('v', 0)] })).toEqual(['A mapped']);
  });
});

test('no memory for the second of two tables: what has moved already moves back', () => {
  const vmas = { v: { bar: 'bar0', process: 'p', at: 0x200000 - PAGE_SIZE } };
  // A vma, five of the fault, a vma, and a table for each page of v.
  const changes = { vmas, pageTables: 'on demand', fail: { A: { allocations: [9] } } } as const;
  expect(ends({ A: [mremap('v', 'w'), fault('w', 0), mremap('w', 'v')] }, changes, ruleNames)).toEqual([
    'A out of memory',
  ]);
});

describe('mremap_to returns', () => {
  const changing = { tasks: { A: [mremap('v', 'w'), munmap('v', { first: 1 })] } };
  const result = (from: number, old_len: number, to: number, new_len = old_len) =>
    run(function* (machine: Machine) {
      const [v, w] = [placeNamed(machine, 'v'), placeNamed(machine, 'w')];
      const at = yield* mremap_to(v.mm, v.start + from, old_len, w.start + to, new_len);
      return at < 0 ? at : at - w.start;
    }, changing);

  test('the new address', () => {
    expect(result(0, 2 * PAGE_SIZE, 0)).toBe(0);
    expect(result(PAGE_SIZE, PAGE_SIZE, 0)).toBe(0);
  });
  test('-EINVAL for an address within a page, and for ranges that overlap', () => {
    expect([result(1, PAGE_SIZE, 0), result(0, PAGE_SIZE, 1)]).toEqual([-EINVAL, -EINVAL]);
    expect(result(0, 2 * PAGE_SIZE, -0x200000 + PAGE_SIZE)).toBe(-EINVAL);
  });
  test('-EFAULT where no vma is, and beyond the end of one', () => {
    expect([result(-PAGE_SIZE, PAGE_SIZE, 0), result(0, 3 * PAGE_SIZE, 0)]).toEqual([-EFAULT, -EFAULT]);
  });
  test('2.11, VM_DONTEXPAND: -EFAULT for a growth; a move that keeps the size is allowed', () => {
    expect([result(0, PAGE_SIZE, 0, 2 * PAGE_SIZE), result(0, PAGE_SIZE, 0)]).toEqual([-EFAULT, 0]);
  });
});
