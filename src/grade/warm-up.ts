/**
 * What a worker does while it waits for a submission: it opens one of our own and explores it in worlds as graders have them, so that a
 * JavaScript engine has made machine code of compiler, engine and kernel by the time they are needed, with handlers that are compiled and
 * watched as a submission's is. It leaves nothing behind, and no verdict depends on it.
 *
 * The realm has to be hardened before: machine code that was made for intrinsics which could still change is thrown away.
 */

import { start } from '#explore';
import {
  type Deed,
  disableMemory,
  driverWith,
  enableMemory,
  type Fault,
  fault,
  simulate,
  type WorldDescription,
} from '#linux';
import { answering } from './evidence.ts';
import type { Evaluate } from './load.ts';
import { openSubmission } from './open.ts';

const world = (tasks: Record<string, Deed | Deed[]>, more: Partial<WorldDescription> = {}): WorldDescription => ({
  bars: { bar0: 2 },
  vmas: { v: { bar: 'bar0', process: 'p' } },
  tasks,
  ...more,
});

const worlds = [
  world({ A: [fault('v', 0), disableMemory(), enableMemory(), fault('v', 1)] }),
  world({ A: fault('v', 0), B: fault('v', 1) }),
  world({ A: fault('v', 0), Z: disableMemory() }, { fail: { A: { remapAtPage: 1 } } }),
  world({ A: fault('v', 0), B: fault('v', 0) }, { fail: { A: { allocations: [1] } } }),
  world({ A: fault('v', 0), B: fault('v', 0), Z: disableMemory() }),
];

// What optimises a function waits until it has been called often.
const ROUNDS = 3;
/** Of a search, in one slice: a few milliseconds. */
const STEPS = 500;

const handler = `import {
  __vfio_pci_add_vma,
  __vfio_pci_memory_enabled,
  down_read,
  entriesOf,
  get,
  io_remap_pfn_range,
  type Kernel,
  mutex_lock,
  mutex_unlock,
  up_read,
  VM_FAULT_NOPAGE,
  VM_FAULT_SIGBUS,
  type vm_fault,
  zap_vma_ptes,
} from '#linux';

export function* vfio_pci_mmap_fault(vmf: vm_fault): Kernel<number> {
  const vma = vmf.vma;
  const vdev = vma.vm_private_data;
  const size = vma.vm_end - vma.vm_start;
  yield* mutex_lock(vdev.vma_lock);
  yield* down_read(vdev.memory_lock);
  let ret = (yield* __vfio_pci_memory_enabled(vdev)) ? VM_FAULT_NOPAGE : VM_FAULT_SIGBUS;
  let isListed = false;
  for (const entry of yield* entriesOf(vdev.vma_list)) if ((yield* get(entry.vma)) === vma) isListed = true;
  if (ret === VM_FAULT_NOPAGE && !isListed) {
    const failed = yield* io_remap_pfn_range(vma, vma.vm_start, vma.vm_pgoff, size, vma.vm_page_prot);
    if (failed || (yield* __vfio_pci_add_vma(vdev, vma))) {
      yield* zap_vma_ptes(vma, vma.vm_start, size);
      ret = VM_FAULT_SIGBUS;
    }
  }
  yield* up_read(vdev.memory_lock);
  yield* mutex_unlock(vdev.vma_lock);
  return ret;
}
`;

/** In slices, so that a submission that comes meanwhile need not wait. */
export function* warmUp(evaluate: Evaluate): Generator<void, void> {
  for (let round = 0; round < ROUNDS; round++) {
    const opened = openSubmission(handler, evaluate);
    yield;
    if ('errors' in opened) throw new Error(opened.errors[0]?.message);
    const driver = driverWith({
      fault: answering(opened.exports.vfio_pci_mmap_fault as Fault, { isMemoryShort: true }),
    });
    for (const each of worlds) {
      const search = start(simulate(each, driver));
      while (!search.run(STEPS)) yield;
    }
  }
}

/** Goes through it slice by slice, between two of which whoever else waits has their turn. Returns what ends it. */
export function warmUpBetween(evaluate: Evaluate, later: (slice: () => void) => void): () => void {
  let slices: Iterator<void> | undefined = warmUp(evaluate);
  const next = () => {
    if (slices?.next().done === false) later(next);
    else slices = undefined;
  };
  later(next);
  return () => {
    slices = undefined;
  };
}
