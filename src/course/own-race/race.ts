/*
 * Two CPUs fault on one page, and the first of them makes what is mapped.
 * It is Linux's rdma_umap_fault(), but for one look. Make it yours:
 *
 *   UverbsFile  your struct: what changes is a cell
 *   fault       your code: yield* in front of each access and each lock
 *   tasks       who runs at the same time
 *   check       what must hold once all have returned
 *   picture     what to show beside each step
 *
 * It breaks. It holds once fault() looks again under the lock:
 *
 *   page = (yield* READ_ONCE(file.disassociate_page)) ?? (yield* kzalloc(pageKind));
 */
import { type Cell, cell, compareAndSwap, type Lock, mutex, type Program } from '#explore';
import {
  type Kernel,
  kzalloc,
  mutex_lock,
  mutex_unlock,
  READ_ONCE,
  VM_FAULT_SIGBUS,
  type vm_fault_t,
  WRITE_ONCE,
} from '#linux';

interface Page {
  readonly data: Cell<number>;
}

interface UverbsFile {
  readonly umap_lock: Lock;
  /** null until the first fault has made it. */
  readonly disassociate_page: Cell<Page | null>;
  /** The page-table entry: the page that the process sees. */
  readonly entry: Cell<Page | null>;
}

/** What kzalloc() makes. Each object has these fields, and each of them is a cell. */
const pageKind = { name: 'page', fields: (field: typeof cell): Page => ({ data: field(0, 'data') }) };

function* fault(file: UverbsFile): Kernel<vm_fault_t> {
  let page = yield* READ_ONCE(file.disassociate_page);

  if (!page) {
    yield* mutex_lock(file.umap_lock);
    page = yield* kzalloc(pageKind);
    yield* WRITE_ONCE(file.disassociate_page, page);
    yield* mutex_unlock(file.umap_lock);
    if (!page) return VM_FAULT_SIGBUS;
  }
  // What the core does with the page: an entry that is there already stays.
  yield* compareAndSwap(file.entry, null, page);
  return 0;
}

export const race: Program<UverbsFile> = {
  name: 'two faults after the device is gone',
  setup: () => ({
    umap_lock: mutex('umap_lock'),
    disassociate_page: cell(null, 'disassociate_page'),
    entry: cell(null, 'entry'),
  }),
  tasks: (file) => ({ A: () => fault(file), B: () => fault(file) }),
  check: (file, now) =>
    now.get(file.entry) === now.get(file.disassociate_page)
      ? undefined
      : 'two pages: the file will give one back, and the process has the other mapped',
  picture: (file, now) => ({
    disassociate_page: now.get(file.disassociate_page)?.data.name ?? 'null',
    entry: now.get(file.entry)?.data.name ?? 'null',
  }),
};
