import { fault, type WorldDescription } from '#linux';

/** What the probes on Linux 6.1 saw of one iteration, under the colleague's handler: src/fidelity/recordings has the whole run. */
interface Recorded {
  readonly recording: string;
  readonly pages: number;
  readonly pfn: number;
  readonly events: string;
}

interface Variant {
  readonly recorded: Recorded;
  /** What is added to the learner's world: the BUG must be reached all the same, and the repair hold. */
  readonly added: Partial<WorldDescription>;
}

/** The one who comes second faults twice. */
const usual: Variant = {
  recorded: {
    recording: 'check-2',
    pages: 4,
    pfn: 0xfea00,
    events: `
B page_fault_user(page 2)
A page_fault_user(page 0)
B down_read_in(mmap_lock)
A down_read_in(mmap_lock)
B down_read_out(mmap_lock)
A down_read_out(mmap_lock)
B pte_none_seen(page 2)
A pte_none_seen(page 0)
B fault_in(page 2)
A fault_in(page 0)
B mutex_lock_in(vma_lock)
B mutex_lock_out(vma_lock)
A mutex_lock_in(vma_lock)
B down_read_in(memory_lock)
A mutex_wait(vma_lock)
B down_read_out(memory_lock)
B mutex_unlock_in(vma_lock)
B remap_in(pages 0 to 3, pfn 0xfea00)
A mutex_lock_out(vma_lock)
A down_read_in(memory_lock)
A down_read_out(memory_lock)
A mutex_unlock_in(vma_lock)
A up_read_in(memory_lock)
A fault_out() = 256
A up_read_in(mmap_lock)
A page_fault_user(page 0)
A down_read_in(mmap_lock)
A down_read_out(mmap_lock)
A pte_none_seen(page 0)
A fault_in(page 0)
A mutex_lock_in(vma_lock)
A mutex_lock_out(vma_lock)
A down_read_in(memory_lock)
A down_read_out(memory_lock)
B remap_out() = 0
A mutex_unlock_in(vma_lock)
A up_read_in(memory_lock)
B up_read_in(memory_lock)
A fault_out() = 256
A up_read_in(mmap_lock)
B fault_out() = 256
B up_read_in(mmap_lock)
`,
  },
  added: {},
};

/** It waits for vma_lock, and its second fault finds the page there. A machine that makes its page tables as it needs them. */
const fresh: Variant = {
  recorded: {
    recording: 'check-2',
    pages: 4,
    pfn: 0xfea00,
    events: `
B page_fault_user(page 2)
A page_fault_user(page 0)
B down_read_in(mmap_lock)
B down_read_out(mmap_lock)
A down_read_in(mmap_lock)
A down_read_out(mmap_lock)
B pte_none_seen(page 2)
B fault_in(page 2)
A pte_none_seen(page 0)
B mutex_lock_in(vma_lock)
A fault_in(page 0)
B mutex_lock_out(vma_lock)
B down_read_in(memory_lock)
A mutex_lock_in(vma_lock)
B down_read_out(memory_lock)
A mutex_wait(vma_lock)
B mutex_unlock_in(vma_lock)
B remap_in(pages 0 to 3, pfn 0xfea00)
A mutex_lock_out(vma_lock)
A down_read_in(memory_lock)
A down_read_out(memory_lock)
A mutex_unlock_in(vma_lock)
A up_read_in(memory_lock)
A fault_out() = 256
A up_read_in(mmap_lock)
A page_fault_user(page 0)
A down_read_in(mmap_lock)
A down_read_out(mmap_lock)
B remap_out() = 0
B up_read_in(memory_lock)
B fault_out() = 256
B up_read_in(mmap_lock)
A up_read_in(mmap_lock)
`,
  },
  added: { pageTables: 'on demand' },
};

/** Three times, beside a third thread that came later. A thread at a mapping of its own, which is not at risk. */
const harder: Variant = {
  recorded: {
    recording: 'check-3',
    pages: 4,
    pfn: 0xfea00,
    events: `
A page_fault_user(page 0)
C page_fault_user(page 2)
C down_read_in(mmap_lock)
A down_read_in(mmap_lock)
C down_read_out(mmap_lock)
A down_read_out(mmap_lock)
C pte_none_seen(page 2)
C fault_in(page 2)
A pte_none_seen(page 0)
C mutex_lock_in(vma_lock)
C mutex_lock_out(vma_lock)
A fault_in(page 0)
C down_read_in(memory_lock)
C down_read_out(memory_lock)
C mutex_unlock_in(vma_lock)
A mutex_lock_in(vma_lock)
C remap_in(pages 0 to 3, pfn 0xfea00)
A mutex_lock_out(vma_lock)
A down_read_in(memory_lock)
A down_read_out(memory_lock)
A mutex_unlock_in(vma_lock)
A up_read_in(memory_lock)
A fault_out() = 256
A up_read_in(mmap_lock)
A page_fault_user(page 0)
A down_read_in(mmap_lock)
A down_read_out(mmap_lock)
A pte_none_seen(page 0)
A fault_in(page 0)
A mutex_lock_in(vma_lock)
A mutex_lock_out(vma_lock)
A down_read_in(memory_lock)
A down_read_out(memory_lock)
A mutex_unlock_in(vma_lock)
A up_read_in(memory_lock)
A fault_out() = 256
A up_read_in(mmap_lock)
A page_fault_user(page 0)
A down_read_in(mmap_lock)
A down_read_out(mmap_lock)
A pte_none_seen(page 0)
A fault_in(page 0)
A mutex_lock_in(vma_lock)
A mutex_lock_out(vma_lock)
C remap_out() = 0
A down_read_in(memory_lock)
C up_read_in(memory_lock)
A down_read_out(memory_lock)
C fault_out() = 256
A mutex_unlock_in(vma_lock)
A up_read_in(memory_lock)
C up_read_in(mmap_lock)
A fault_out() = 256
A up_read_in(mmap_lock)
`,
  },
  added: {
    bars: { spare: 1 },
    vmas: { spare: { bar: 'spare', process: 'bystander' } },
    tasks: { bystander: fault('spare', 0) },
  },
};

export const variants = { usual, fresh, harder };
