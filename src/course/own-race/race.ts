/*
 * Two CPUs fault on one page, and the first fault makes its buffer.
 * Make it yours:
 *
 *   Ring    your struct: what changes is a cell
 *   fault   your code: yield* in front of each access and each lock
 *   tasks   who runs at the same time
 *   check   what must hold once all have returned
 *   picture what to show beside each step
 *
 * It breaks. It holds once fault() looks again under the lock:
 *
 *   buffer = (yield* READ_ONCE(ring.buffer)) ?? (yield* kzalloc(bufferKind));
 */
import { type Cell, cell, compareAndSwap, type Lock, mutex, type Program } from '#explore';
import {
  type Kernel,
  kzalloc,
  mutex_lock,
  mutex_unlock,
  READ_ONCE,
  VM_FAULT_NOPAGE,
  VM_FAULT_OOM,
  type vm_fault_t,
  WRITE_ONCE,
} from '#linux';

interface Buffer {
  readonly data: Cell<number>;
}

interface Ring {
  readonly lock: Lock;
  /** null until the first fault has made it. */
  readonly buffer: Cell<Buffer | null>;
  /** The page-table entry: the buffer that the process sees. */
  readonly entry: Cell<Buffer | null>;
}

/** What kzalloc() makes. Each object has these fields, and each of them is a cell. */
const bufferKind = { name: 'buffer', fields: (field: typeof cell): Buffer => ({ data: field(0, 'data') }) };

function* fault(ring: Ring): Kernel<vm_fault_t> {
  let buffer = yield* READ_ONCE(ring.buffer);

  if (!buffer) {
    yield* mutex_lock(ring.lock);
    buffer = yield* kzalloc(bufferKind);
    yield* WRITE_ONCE(ring.buffer, buffer);
    yield* mutex_unlock(ring.lock);
    if (!buffer) return VM_FAULT_OOM;
  }
  // As vmf_insert_pfn(): an entry that is there already stays.
  yield* compareAndSwap(ring.entry, null, buffer);
  return VM_FAULT_NOPAGE;
}

export const race: Program<Ring> = {
  name: 'two faults on one ring',
  setup: () => ({
    lock: mutex('ring.lock'),
    buffer: cell(null, 'ring.buffer'),
    entry: cell(null, 'entry'),
  }),
  tasks: (ring) => ({ A: () => fault(ring), B: () => fault(ring) }),
  check: (ring, now) =>
    now.get(ring.entry) === now.get(ring.buffer)
      ? undefined
      : 'two buffers: the device fills one, and the process reads the other',
  picture: (ring, now) => ({
    'ring.buffer': now.get(ring.buffer)?.data.name ?? 'null',
    entry: now.get(ring.entry)?.data.name ?? 'null',
  }),
};
