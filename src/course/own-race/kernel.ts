import {
  driverWith,
  fault,
  io_remap_pfn_range,
  type Kernel,
  mutex_lock,
  mutex_unlock,
  simulate,
  VM_FAULT_NOPAGE,
  VM_FAULT_SIGBUS,
  type vm_fault,
  type vm_fault_t,
} from '#linux';

function* myFault({ vma }: vm_fault): Kernel<vm_fault_t> {
  const { vma_lock } = vma.vm_private_data;
  const size = vma.vm_end - vma.vm_start;
  yield* mutex_lock(vma_lock);
  const error = yield* io_remap_pfn_range(vma, vma.vm_start, vma.vm_pgoff, size, vma.vm_page_prot);
  yield* mutex_unlock(vma_lock);
  return error ? VM_FAULT_SIGBUS : VM_FAULT_NOPAGE;
}

export const race = simulate(
  {
    bars: { bar0: 2 },
    vmas: { v: { bar: 'bar0', process: 'p' } },
    tasks: { A: fault('v', 0), B: fault('v', 1) },
  },
  driverWith({ fault: myFault }),
  { rules: [] },
);
