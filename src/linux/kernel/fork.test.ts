import { describe, expect, test } from 'vitest';
import { explore, replay } from '#explore';
import { PAGE_SIZE } from '../arch/x86/include/asm/page_types.ts';
import { disableMemory, exit, fault, fork, mprotect, mremap, munmap, write } from '../deeds/index.ts';
import type { WorldDescription } from '../description.ts';
import { driverWith, generations } from '../drivers/vfio/pci/generations/index.ts';
import { VM_FAULT_SIGBUS } from '../include/linux/mm_types.ts';
import type { Picture } from '../picture.ts';
import type { RuleName } from '../rules.ts';
import { kindsOf, oneVma } from '../testing.ts';
import { simulate } from '../world.ts';

/** How the tasks end under every interleaving, and what goes wrong; before v6.9, unless a kernel is given. */
function ends(tasks: WorldDescription['tasks'], changes: Partial<WorldDescription> = {}, rules?: RuleName[]): string[] {
  const world = { ...oneVma, kernel: '6.1', tasks, ...changes };
  const found = explore(simulate(world, generations.v5_14, rules ? { rules } : {}), { stopAt: 'never' });
  return [...Object.keys(found.outcomes), ...kindsOf(found)];
}

describe('the child of a fork', () => {
  test('has the vmas, and faults for itself', () => {
    expect(ends({ A: fork('c'), C: fault('c.v', 1) })).toEqual(['A forked, C mapped']);
    expect(ends({ A: [fault('v', 0), fork('c')], C: write('c.v', 1) })).toEqual(['A forked, C mapped']);
  });
  test('waits until it is born', () => {
    expect(ends({ A: [mprotect('v', 'r'), fork('c')], C: write('c.v', 0) })).toEqual(['A forked, C SIGSEGV']);
  });
  test('has the vmas as they are when it is born: cut, moved, unmapped', () => {
    expect(ends({ A: [munmap('v', { first: 1 }), fork('c')], C: fault('c.v', 1) })).toEqual(['A forked, C SIGSEGV']);
    expect(ends({ A: [munmap('v', { first: 1 }), fork('c')], C: fault('c.v', 0) })).toEqual(['A forked, C mapped']);
    expect(ends({ A: [mremap('v', 'w'), fork('c')], C: fault('c.w', 0) })).toEqual(['A forked, C mapped']);
    expect(ends({ A: [munmap('v'), fork('c')], C: fault('c.v', 0) })).toEqual(['A forked, C SIGSEGV']);
  });
  test('shares nothing with the parent afterwards', () => {
    expect(ends({ A: [fork('c'), fault('v', 0)], C: munmap('c.v') })).toEqual(['A mapped, C unmapped']);
    expect(ends({ A: [fork('c'), munmap('v')], C: fault('c.v', 0) })).toEqual(['A unmapped, C mapped']);
  });
  test('does several things, forks again, ends', () => {
    const tasks = { A: fork('c'), C: [fault('c.v', 0), fork('d', 'c')], D: [fault('d.v', 0), exit('d')] };
    expect(ends(tasks)).toEqual(['A forked, C forked, D exited']);
  });
  test('of the process that is named, where there are several', () => {
    const vmas = { ...oneVma.vmas, u: { bar: 'bar0', process: 'q' } };
    expect(ends({ A: fork('c', 'q'), C: fault('c.u', 0) }, { vmas })).toEqual(['A forked, C mapped']);
  });
  test('faults while its parent does', () => {
    const tasks = { A: [fork('c'), fault('v', 0)], C: fault('c.v', 0), Z: disableMemory() };
    expect(ends(tasks)).toEqual([
      'A SIGBUS, C SIGBUS, Z disabled memory',
      'A SIGBUS, C mapped, Z disabled memory',
      'A mapped, C SIGBUS, Z disabled memory',
      'A mapped, C mapped, Z disabled memory',
    ]);
  });
});

describe('2.11, VM_PFNMAP: fork copies the entries', () => {
  const rules: RuleName[] = ['wrong page', 'outside the BAR'];
  test('of a vma that was faulted, since v6.9: the child touches the device without a fault, whatever its handler says', () => {
    const handler = generations.v5_14.vm_ops.fault;
    const onlyParent = driverWith({
      *fault(vmf) {
        return vmf.vma.vm_mm.name === 'p' ? yield* handler(vmf) : VM_FAULT_SIGBUS;
      },
    });
    const told = (kernel: string) => {
      const tasks = { A: [fault('v', 0), fork('c')], C: fault('c.v', 1) };
      const found = explore(simulate({ ...oneVma, kernel, tasks }, onlyParent, { rules }), { stopAt: 'never' });
      return [...Object.keys(found.outcomes), ...kindsOf(found)];
    };
    expect(told('6.9')).toEqual(['A forked, C mapped']);
    expect(told('6.8')).toEqual(['A forked, C SIGBUS']);
  });
  test('with what they allow', () => {
    const tasks = { A: [write('v', 0), mprotect('v', 'r'), fork('c')], C: fault('c.v', 0) };
    expect(ends(tasks, { kernel: '6.9' }, rules)).toEqual(['A forked, C mapped']);
    expect(ends({ ...tasks, C: write('c.v', 0) }, { kernel: '6.9' }, rules)).toEqual(['A forked, C SIGSEGV']);
  });
  test('across two tables', () => {
    const vmas = { v: { bar: 'bar0', process: 'p', at: 0x200000 - PAGE_SIZE } };
    const tasks = { A: [fault('v', 0), fork('c')], C: [fault('c.v', 0), fault('c.v', 1)] };
    expect(ends(tasks, { vmas, kernel: '6.9' }, rules)).toEqual(['A forked, C mapped']);
  });
});

describe('a fork that fails', () => {
  const tasks = { A: [fault('v', 0), fork('c')], C: fault('c.v', 0) };
  test('for want of a vma: there is no child, and its tasks never run', () => {
    expect(ends(tasks, { fail: { A: { allocations: [2] } } })).toEqual(['A out of memory, C never born']);
  });
  test.each(['6.1', '6.9'])('for want of a table, v%s: what was copied is taken down', (kernel) => {
    // The fault takes five allocations, the vma one, and each table of the child one.
    for (const allocation of [7, 8, 9]) {
      const changes = { kernel, pageTables: 'on demand', fail: { A: { allocations: [allocation] } } } as const;
      expect(ends(tasks, changes)).toEqual(['A out of memory, C never born']);
    }
  });
  test('for want of the second vma: the first copy is closed and freed', () => {
    const vmas = { ...oneVma.vmas, w: { bar: 'bar0', process: 'p' } };
    const fail = { A: { allocations: [3] } };
    expect(ends(tasks, { vmas, fail })).toEqual(['A out of memory, C never born']);
    const last = replay(simulate({ ...oneVma, vmas, fail, tasks }, generations.v5_14), '').steps.at(-1)?.picture;
    expect((last as Picture).vmas.map(({ name }) => name)).toEqual(['v', 'w']);
  });
  test('a task that a signal has ended forks no more', () => {
    expect(ends(tasks, { memory: 'disabled' })).toEqual(['A SIGBUS, C never born']);
  });
});

describe('exit', () => {
  test('after a signal: it ends the process', () => {
    const vmas = { ...oneVma.vmas, w: { bar: 'bar0', process: 'p' } };
    const tasks = { A: [fault('v', 0), munmap('w'), fault('w', 0), exit()] };
    const last = replay(simulate({ ...oneVma, vmas, tasks }, generations.v5_14), '').steps.at(-1)?.picture;
    expect((last as Picture).vmas.map(({ state }) => state)).toEqual(['freed', 'freed']);
    expect(ends(tasks, { vmas })).toEqual(['A SIGSEGV']);
  });
  test('of a child, while the parent goes on', () => {
    const tasks = { A: [fork('c'), fault('v', 0)], C: [fault('c.v', 0), exit('c')], Z: disableMemory() };
    const { verdict, outcomes } = explore(simulate({ ...oneVma, kernel: '6.1', tasks }, generations.v5_14));
    expect([verdict, Object.keys(outcomes).length]).toEqual(['holds', 4]);
  });
});
