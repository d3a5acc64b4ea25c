import { describe, expect, test } from 'vitest';
import { explore, type Violation } from '#explore';
import {
  __vfio_pci_add_vma,
  __vfio_pci_memory_enabled,
  disableMemory,
  down_read,
  driverWith,
  EEXIST,
  entriesOf,
  type Fault,
  fault,
  generations,
  get,
  io_remap_pfn_range,
  kfree,
  kzalloc,
  list_add,
  list_del,
  mutex_lock,
  mutex_unlock,
  pte_none,
  READ_ONCE,
  type RuleName,
  simulate,
  up_read,
  VM_FAULT_NOPAGE,
  VM_FAULT_OOM,
  VM_FAULT_RETRY,
  VM_FAULT_SIGBUS,
  vfio_pci_mmap_vma,
  vmf_insert_pfn,
  type WorldDescription,
} from '#linux';
import { answering, diedAlone, filledTooLate, lockKept, readUnlocked, wrongAnswers } from './evidence.ts';

type Tasks = WorldDescription['tasks'];

const { lockEnclosesRemap, v5_8, v5_14 } = generations;

function violationOf(handler: Fault, tasks: Tasks, rules?: RuleName[]): Violation {
  const world = { bars: { bar0: 2 }, vmas: { v: { bar: 'bar0', process: 'p' } }, tasks };
  const { violation } = explore(simulate(world, driverWith({ fault: handler }), { ...(rules ? { rules } : {}) }));
  if (!violation) throw new Error('it holds');
  return violation;
}

const one: Tasks = { A: fault('v', 0) };
const two: Tasks = { A: fault('v', 0), B: fault('v', 0) };
const written: Tasks = { A: fault('v', 0), Z: disableMemory() };
const saying = (answer: number): Fault =>
  answering(function* () {
    return answer;
  });

describe('answering', () => {
  test('an entry that nothing leads to, and one that goes back', () => {
    const allocating = (isFreed: boolean) =>
      answering(function* (vmf) {
        const entry = yield* kzalloc(vfio_pci_mmap_vma);
        if (entry) {
          yield* list_add(entry.vma_next, vmf.vma.vm_private_data.vma_list);
          yield* list_del(entry.vma_next);
        }
        if (entry && isFreed) yield* kfree(entry);
        return VM_FAULT_SIGBUS;
      });
    expect(violationOf(allocating(false), one, []).message).toMatch(/^leaked: ->fault has allocated an entry/);
    const world = { bars: { bar0: 2 }, vmas: { v: { bar: 'bar0', process: 'p' } }, tasks: one };
    expect(explore(simulate(world, driverWith({ fault: allocating(true) }), { rules: [] })).verdict).toBe('holds');
  });

  test('a loop with a round for every byte', () => {
    const bytes = answering(function* ({ vma }) {
      for (let address = vma.vm_start; address < vma.vm_end; address++)
        yield* vmf_insert_pfn(vma, address, vma.vm_pgoff);
      return VM_FAULT_NOPAGE;
    });
    expect(violationOf(bytes, one, []).message).toMatch(/^no end: ->fault has made 500 operations/);
  });

  test('lets a right answer through', () => {
    const world = { bars: { bar0: 2 }, vmas: { v: { bar: 'bar0', process: 'p' } }, tasks: two };
    expect(explore(simulate(world, driverWith({ fault: answering(v5_14.vm_ops.fault) }))).verdict).toBe('holds');
  });

  test('an errno, and 0', () => {
    expect(violationOf(saying(-EEXIST), one).message).toMatch(/^errno as an answer: ->fault returned -17/);
    const zero = violationOf(saying(0), one);
    const [key = ''] = zero.message.split(': ');
    expect(wrongAnswers).toHaveProperty([`bug: ${key}`]);
    const name = wrongAnswers['bug: NULL pointer dereference in __do_fault (mm/memory.c)'];
    expect(name(zero)).toBe('zero-is-success');
    expect(name(violationOf(saying(4), one))).toBeUndefined();
  });

  test('VM_FAULT_OOM, unless memory is short', () => {
    expect(violationOf(saying(VM_FAULT_OOM), one)).toMatchObject({ kind: 'warning' });
    const short = answering(saying(VM_FAULT_NOPAGE), { isMemoryShort: true });
    expect(violationOf(short, one)).toMatchObject({ kind: 'livelock' });
  });
});

test('lockKept', () => {
  const kept = violationOf(function* ({ vma }) {
    yield* mutex_lock(vma.vm_private_data.vma_lock);
    return VM_FAULT_NOPAGE;
  }, one);
  expect(lockKept(kept)).toBe('unlock-forgotten');
  expect(lockKept(violationOf(saying(VM_FAULT_RETRY), one))).toBe('retry-means-again');
  const twice = violationOf(function* ({ vma }) {
    yield* mutex_unlock(vma.vm_private_data.vma_lock);
    return VM_FAULT_NOPAGE;
  }, one);
  expect(lockKept(twice)).toBeUndefined();
});

test('diedAlone', () => {
  expect(diedAlone(violationOf(v5_8.vm_ops.fault, two))).toBeUndefined();
  expect(diedAlone(violationOf(lockEnclosesRemap.vm_ops.fault, two))).toBe('no-recheck');
  const early = violationOf(function* (vmf) {
    if (vmf.pte && !pte_none(yield* READ_ONCE(vmf.pte))) return VM_FAULT_NOPAGE;
    return yield* lockEnclosesRemap.vm_ops.fault(vmf);
  }, two);
  expect(diedAlone(early)).toBe('look-before-lock');
  const looking = violationOf(function* ({ vma }) {
    const { vma_list, vma_lock } = vma.vm_private_data;
    yield* mutex_lock(vma_lock);
    let isListed = false;
    for (const entry of yield* entriesOf(vma_list)) isListed ||= (yield* get(entry.vma)) === vma;
    if (!isListed) yield* __vfio_pci_add_vma(vma.vm_private_data, vma);
    yield* io_remap_pfn_range(vma, vma.vm_start, vma.vm_pgoff, vma.vm_end - vma.vm_start, vma.vm_page_prot);
    yield* mutex_unlock(vma_lock);
    return VM_FAULT_NOPAGE;
  }, two);
  expect(diedAlone(looking)).toBe('found-and-filled');
  const readingTheEntry = violationOf(function* (vmf) {
    const { vma } = vmf;
    const { vma_lock } = vma.vm_private_data;
    yield* mutex_lock(vma_lock);
    if (vmf.pte && pte_none(yield* READ_ONCE(vmf.pte))) yield* __vfio_pci_add_vma(vma.vm_private_data, vma);
    yield* io_remap_pfn_range(vma, vma.vm_start, vma.vm_pgoff, vma.vm_end - vma.vm_start, vma.vm_page_prot);
    yield* mutex_unlock(vma_lock);
    return VM_FAULT_NOPAGE;
  }, two);
  expect(diedAlone(readingTheEntry)).toBe('found-and-filled');
  // Who has gone through the list and asked no entry whose it is has looked, and wrongly.
  const passing = violationOf(function* ({ vma }) {
    const { vma_list, vma_lock } = vma.vm_private_data;
    yield* mutex_lock(vma_lock);
    for (const entry of yield* entriesOf(vma_list)) if ((entry as unknown) === vma) return VM_FAULT_NOPAGE;
    yield* __vfio_pci_add_vma(vma.vm_private_data, vma);
    yield* io_remap_pfn_range(vma, vma.vm_start, vma.vm_pgoff, vma.vm_end - vma.vm_start, vma.vm_page_prot);
    yield* mutex_unlock(vma_lock);
    return VM_FAULT_NOPAGE;
  }, two);
  expect(passing.kind).toBe('bug');
  expect(diedAlone(passing)).toBeUndefined();
});

test('readUnlocked', () => {
  const searched = violationOf(function* (vmf) {
    const { vma } = vmf;
    for (const entry of yield* entriesOf(vma.vm_private_data.vma_list))
      if ((yield* get(entry.vma)) === vma) return VM_FAULT_NOPAGE;
    return yield* lockEnclosesRemap.vm_ops.fault(vmf);
  }, two);
  expect(searched.kind).toBe('data race');
  expect(readUnlocked(searched)).toBe('look-before-lock');
  const added = violationOf(
    function* ({ vma }) {
      const { vma_list, vma_lock } = vma.vm_private_data;
      yield* mutex_lock(vma_lock);
      yield* entriesOf(vma_list);
      const ret = yield* vmf_insert_pfn(vma, vma.vm_start, vma.vm_pgoff);
      yield* mutex_unlock(vma_lock);
      yield* __vfio_pci_add_vma(vma.vm_private_data, vma);
      return ret;
    },
    two,
    [],
  );
  expect(added.kind).toBe('data race');
  expect(readUnlocked(added)).toBeUndefined();
});

test('filledTooLate', () => {
  expect(filledTooLate(violationOf(v5_8.vm_ops.fault, written))).toBe('early-unlock');
  const tested = violationOf(function* ({ vma }) {
    const vdev = vma.vm_private_data;
    yield* down_read(vdev.memory_lock);
    const isOn = yield* __vfio_pci_memory_enabled(vdev);
    yield* up_read(vdev.memory_lock);
    if (!isOn) return VM_FAULT_SIGBUS;
    yield* mutex_lock(vdev.vma_lock);
    const ret = yield* vmf_insert_pfn(vma, vma.vm_start, vma.vm_pgoff);
    yield* mutex_unlock(vdev.vma_lock);
    return ret;
  }, written);
  expect(tested.message).toMatch(/^live mapping/);
  expect(filledTooLate(tested)).toBe('memory-test-outside-lock');
});
