import { describe, expect, test } from 'vitest';
import { explore, replay } from '#explore';
import * as linux from './index.ts';
import { sourceOf } from './sources.ts';
import { oneVma } from './testing.ts';

const { disableMemory, fault, generations, munmap, simulate, write } = linux;

describe('simulate', () => {
  test('names the program by driver and tasks', () => {
    const tasks = { A: [fault('v', 0), write('v', 1)], B: munmap('v'), Z: disableMemory() };
    expect(simulate({ ...oneVma, tasks }, generations.v5_8).name).toBe(
      'v5.8: A fault(v, 0) write(v, 1), B munmap(v), Z disableMemory()',
    );
  });
  test('a counterexample replays to the same bug', () => {
    const program = simulate({ ...oneVma, tasks: { A: fault('v', 0), B: fault('v', 1) } }, generations.v5_8);
    const { violation } = explore(program);
    expect(violation?.minimal).toBe(true);
    expect(replay(program, violation?.schedule ?? '').ending).toMatchObject({
      kind: 'bug',
      message: violation?.message,
    });
  });
});

test('an injected failure has a line of its own in the trace, and the counting that leads to it has none', () => {
  const linesOf = (fail: linux.FailDescription) => {
    const program = simulate({ ...oneVma, tasks: { A: fault('v', 0) }, fail: { A: fail } }, generations.v5_14);
    return replay(program, '').steps.flatMap(({ plain }) => plain.map(({ operation }) => operation));
  };
  expect(linesOf({ allocations: [1] })).toContain('no memory for vfio_pci_mmap_vma (injected failure)');
  expect(linesOf({ allocations: [2] }).filter((line) => /injected|allocations/.test(line))).toEqual([]);
  expect(linesOf({ remapAtPage: 1 })).toContainEqual(
    expect.stringMatching(/^frame 0x[0-9a-f]+ may not be mapped \(injected failure\)$/),
  );
});

describe('the least interleaving', () => {
  const least = (tasks: linux.WorldDescription['tasks'], driver: linux.Driver) =>
    explore(simulate({ ...oneVma, tasks }, driver)).violation?.trace;
  const preemptions = (trace: ReturnType<typeof least>) =>
    trace?.steps.filter(({ switched }) => switched === 'preemption');

  test('of the bug of 2021 has one preemption', () => {
    expect(preemptions(least({ A: fault('v', 0), B: fault('v', 1) }, generations.v5_8))).toHaveLength(1);
  });
  test('of its end shows the function that stopped', () => {
    const trace = least({ A: fault('v', 0), B: fault('v', 1) }, generations.v5_8);
    const last = trace?.steps.at(-1)?.plain.at(-1)?.stack;
    expect(last?.slice(0, 4)).toEqual([
      { function: 'BUG_ON', file: 'include/asm-generic/bug.h' },
      { function: 'remap_pte_range', file: 'mm/memory.c' },
      { function: 'remap_pfn_range', file: 'mm/memory.c' },
      { function: 'io_remap_pfn_range', file: 'include/linux/mm.h' },
    ]);
    expect(last?.[4]).toEqual({ function: 'vfio_pci_mmap_fault', file: 'drivers/vfio/pci/vfio_pci_core.c' });
  });
});

describe('sourceOf', () => {
  test.each([
    ['handle_mm_fault', 'mm/memory.c'],
    ['vmf_insert_pfn', 'mm/memory.c'],
    ['find_vma', 'mm/mmap.c'],
    ['do_user_addr_fault', 'arch/x86/mm/fault.c'],
    ['mutex_lock', 'kernel/locking/mutex.c'],
    ['vfio_pci_mmap_close', 'drivers/vfio/pci/vfio_pci_core.c'],
    ['vfio_basic_config_write', 'drivers/vfio/pci/vfio_pci_config.c'],
    ['BUG', 'include/asm-generic/bug.h'],
  ])('%s stands in %s', (name, file) => expect(sourceOf(name)).toBe(file));
  test.each(['userAccess', 'hasPte', 'touchVma', 'entryOf', 'no_such_function'])('%s is ours', (name) => {
    expect(sourceOf(name)).toBeUndefined();
  });
  test('every kernel function that learners are given has its file', () => {
    const ours = ['BUG', 'BUG_ON', 'WARN_ON'];
    const given = Object.entries(linux).filter(
      ([name, value]) => typeof value === 'function' && (/^[a-z_0-9]+$/.test(name) || ours.includes(name)),
    );
    const kernels = given.map(([name]) => name).filter((name) => name.includes('_') || ours.includes(name));
    expect(kernels.filter((name) => !sourceOf(name))).toEqual([]);
  });
});
