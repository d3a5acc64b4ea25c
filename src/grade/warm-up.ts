/**
 * What a worker does while it waits for a submission: it compiles a handler and explores our own, so that a JavaScript engine has
 * made machine code of compiler, engine and kernel by the time they are needed. It leaves nothing behind, and no verdict depends on it.
 * Of what-was-merged's solution it halves the time of grading, to 1.3 times that of code that has run before.
 *
 * The realm has to be hardened before: machine code that was made for intrinsics which could still change is thrown away.
 */

import { start } from '#explore';
import { type Driver, disableMemory, fault, generations, simulate, type WorldDescription } from '#linux';
import { compile } from './compile.ts';

const world: WorldDescription = {
  bars: { bar0: 1 },
  vmas: { v: { bar: 'bar0', process: 'p' } },
  tasks: { A: fault('v', 0), B: fault('v', 0), Z: disableMemory() },
};

// What optimises a function waits until it has been called often.
const ROUNDS = 2;
const drivers: readonly Driver[] = [generations.v5_14, generations.insertLoop];
/** Of a search, in one slice: a few milliseconds. */
const STEPS = 500;

const handler = `import { down_read, type Kernel, up_read, VM_FAULT_NOPAGE, type vm_fault, vmf_insert_pfn } from '#linux';

export function* vfio_pci_mmap_fault(vmf: vm_fault): Kernel<number> {
  const vdev = vmf.vma.vm_private_data;
  yield* down_read(vdev.memory_lock);
  for (let page = 0; page < 4; page++) {
    if ((yield* vmf_insert_pfn(vmf.vma, vmf.address, page)) !== VM_FAULT_NOPAGE) break;
  }
  yield* up_read(vdev.memory_lock);
  return VM_FAULT_NOPAGE;
}
`;

/** In slices, so that a submission that comes meanwhile need not wait. */
export function* warmUp(): Generator<void, void> {
  for (let round = 0; round < ROUNDS; round++) {
    compile(handler);
    yield;
    for (const driver of drivers) {
      const search = start(simulate(world, driver));
      while (!search.run(STEPS)) yield;
    }
  }
}

/** Goes through it slice by slice, between two of which whoever else waits has their turn. Returns what ends it. */
export function warmUpBetween(later: (slice: () => void) => void): () => void {
  let slices: Iterator<void> | undefined = warmUp();
  const next = () => {
    if (slices?.next().done === false) later(next);
    else slices = undefined;
  };
  later(next);
  return () => {
    slices = undefined;
  };
}
