/** The patches as programs: what the C of each diff does, operation for operation. */

import { get, set, update } from '#explore';
import {
  down_read,
  down_write,
  io_remap_pfn_range,
  type Kernel,
  mutex_lock,
  mutex_unlock,
  READ_ONCE,
  unmap_mapping_range,
  up_read,
  up_write,
  VM_FAULT_NOPAGE,
  VM_FAULT_SIGBUS,
  type vm_fault_t,
  vmf_insert_pfn,
  WRITE_ONCE,
  zap_vma_ptes,
} from '#linux';
import { asItIs, type Board, type BoardDriver, boardInsert, boardNote, boardPfn, mappedPages } from './board.ts';

/** What the lesson reviews itself. */
const countPages: BoardDriver = {
  *boardFault({ board }) {
    let ret = VM_FAULT_SIGBUS;
    yield* mutex_lock(board.lock);
    yield* down_read(board.power);
    if (yield* READ_ONCE(board.isOn)) {
      yield* boardNote(board);
      ret = yield* boardInsert(board);
      const pages = board.machine.pages.length;
      if (ret === VM_FAULT_NOPAGE) yield* update(board.live, (live) => live + pages, 'atomic_add');
    }
    yield* up_read(board.power);
    yield* mutex_unlock(board.lock);
    return ret;
  },

  *boardOff(board) {
    yield* down_write(board.power);
    yield* WRITE_ONCE(board.isOn, false);
    yield* unmap_mapping_range(board.mapping, 0, 0, true);
    yield* update(board.live, () => 0, 'atomic_set');
    yield* up_write(board.power);
  },

  check(board, now) {
    const [live, mapped] = [now.get(board.live), mappedPages(board, now)];
    return live === mapped ? undefined : `counted twice: live says ${live}, and ${mapped} pages are mapped`;
  },
};

const refuseEarly: BoardDriver = {
  ...asItIs,
  *boardFault({ board }) {
    if (!(yield* READ_ONCE(board.isOn))) return VM_FAULT_SIGBUS;
    yield* mutex_lock(board.lock);
    yield* down_read(board.power);
    yield* boardNote(board);
    const ret = yield* boardInsert(board);
    yield* up_read(board.power);
    yield* mutex_unlock(board.lock);
    return ret;
  },
};

const unlockEarly: BoardDriver = {
  ...asItIs,
  *boardFault({ board }) {
    let ret = VM_FAULT_SIGBUS;
    yield* mutex_lock(board.lock);
    yield* down_read(board.power);
    const isOn = yield* READ_ONCE(board.isOn);
    if (isOn) yield* boardNote(board);
    yield* mutex_unlock(board.lock);
    if (isOn) ret = yield* boardInsert(board);
    yield* up_read(board.power);
    return ret;
  },
};

const oneCall: BoardDriver = {
  *boardFault({ board }) {
    let ret = VM_FAULT_SIGBUS;
    yield* mutex_lock(board.lock);
    yield* down_read(board.power);
    if (yield* READ_ONCE(board.isOn)) {
      yield* boardNote(board);
      ret = VM_FAULT_NOPAGE;
      if (!(yield* boardIsFilled(board))) ret = yield* boardRemap(board);
    }
    yield* up_read(board.power);
    yield* mutex_unlock(board.lock);
    return ret;
  },

  *boardOff(board) {
    yield* mutex_lock(board.lock);
    yield* boardForgetFilled(board);
    yield* mutex_unlock(board.lock);
    yield* down_write(board.power);
    yield* WRITE_ONCE(board.isOn, false);
    yield* unmap_mapping_range(board.mapping, 0, 0, true);
    yield* up_write(board.power);
  },

  picture: ({ filled }, now) => ({ filled: now.get(filled) ? 'v' : '' }),
};

/** Whether the vma is on the list of those that are filled. Locks: lock. */
function* boardIsFilled({ filled }: Board): Kernel<boolean> {
  return yield* get(filled);
}

/** Fills the whole vma, and lists it as filled; if that fails, nothing of it stays. Locks: lock. */
function* boardRemap({ vma, pfn, filled }: Board): Kernel<vm_fault_t> {
  const { vm_start, vm_end, vm_page_prot } = vma;
  if (yield* io_remap_pfn_range(vma, vm_start, pfn, vm_end - vm_start, vm_page_prot)) {
    yield* zap_vma_ptes(vma, vm_start, vm_end - vm_start);
    return VM_FAULT_SIGBUS;
  }
  yield* set(filled, true);
  return VM_FAULT_NOPAGE;
}

/** Takes all off the list of those that are filled. Locks: lock. */
function* boardForgetFilled({ filled }: Board): Kernel {
  yield* set(filled, false);
}

const touchedFirst: BoardDriver = {
  ...asItIs,
  *boardFault({ board, address }) {
    let ret = VM_FAULT_SIGBUS;
    yield* mutex_lock(board.lock);
    yield* down_read(board.power);
    if (yield* READ_ONCE(board.isOn)) {
      yield* boardNote(board);
      ret = yield* vmf_insert_pfn(board.vma, address, boardPfn(board, address));
      if (ret === VM_FAULT_NOPAGE) yield* boardInsert(board);
    }
    yield* up_read(board.power);
    yield* mutex_unlock(board.lock);
    return ret;
  },
};

const tellUsers: BoardDriver = {
  ...asItIs,
  *boardOff(board) {
    yield* down_write(board.power);
    yield* WRITE_ONCE(board.isOn, false);
    yield* unmap_mapping_range(board.mapping, 0, 0, true);
    yield* mutex_lock(board.lock);
    if ((yield* get(board.users)) > 0) yield* set(board.wasUnmapped, true);
    yield* mutex_unlock(board.lock);
    yield* up_write(board.power);
  },
};

/** By the names that diffs.ts has. */
export const patches = { countPages, refuseEarly, unlockEarly, oneCall, touchedFirst, tellUsers } as const;
