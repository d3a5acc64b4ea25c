/**
 * The driver under review: what its C does, operation for operation, so that steps can be counted. It has a board to give to a
 * process, and a machine of one mapping. Of a fault there is the core's look at the entry, before and after the driver; and of the
 * list of users, how often the vma stands on it.
 */

import {
  again,
  type Cell,
  cell,
  get,
  type Lock,
  mutex,
  type Program,
  readAs,
  rwlock,
  type Snapshot,
  set,
} from '#explore';
import {
  down_read,
  down_write,
  fault,
  generations,
  type Kernel,
  type Machine,
  mutex_lock,
  mutex_unlock,
  PAGE_SIZE,
  pte_none,
  READ_ONCE,
  simulate,
  unmap_mapping_range,
  up_read,
  up_write,
  VM_FAULT_NOPAGE,
  VM_FAULT_SIGBUS,
  type vm_area_struct,
  type vm_fault_t,
  vmf_insert_pfn,
  WRITE_ONCE,
} from '#linux';

export interface Board {
  readonly machine: Machine;
  /** The one mapping of it. */
  readonly vma: vm_area_struct;
  /** By which the core finds what is mapped of it. */
  readonly mapping: NonNullable<Machine['vdev']['i_mapping']>;
  readonly pfn: number;
  /** Guards the list of users. Order: lock, power. */
  readonly lock: Lock;
  /** Read: the board stays on, or off. Write: it is switched. */
  readonly power: Lock;
  readonly isOn: Cell<boolean>;
  /** How often the vma stands on the list of users. */
  readonly users: Cell<number>;
  /** What one of the patches adds: whether the vma stands on a second list, of those that are filled. */
  readonly filled: Cell<boolean>;
  /** What another adds for each user. */
  readonly wasUnmapped: Cell<boolean>;
  /** What a third counts: the pages that are mapped. */
  readonly live: Cell<number>;
}

/** What of `struct vm_fault` it looks at. */
export interface BoardFault {
  readonly board: Board;
  readonly address: number;
}

export interface BoardDriver {
  readonly boardFault: (fault: BoardFault) => Kernel<vm_fault_t>;
  readonly boardOff: (board: Board) => Kernel;
  /** What else must hold of it when all is done, as "rule: details". */
  readonly check?: (board: Board, now: Snapshot) => string | undefined;
  /** What else is to be seen of it. */
  readonly picture?: (board: Board, now: Snapshot) => Readonly<Record<string, string>>;
}

/** Puts the vma on the list of users, unless it is there. Locks: lock. */
export function* boardNote({ users }: Board): Kernel {
  const times = yield* get(users);
  if (times === 0) yield* set(users, times + 1);
}

/** Inserts each page of the vma, up to the first error. */
export function* boardInsert(board: Board): Kernel<vm_fault_t> {
  let ret = VM_FAULT_NOPAGE;
  for (const address of addressesIn(board)) {
    ret = yield* vmf_insert_pfn(board.vma, address, boardPfn(board, address));
    if (ret !== VM_FAULT_NOPAGE) break;
  }
  return ret;
}

function addressesIn({ vma }: Board): number[] {
  const pages = (vma.vm_end - vma.vm_start) / PAGE_SIZE;
  return Array.from({ length: pages }, (_, page) => vma.vm_start + page * PAGE_SIZE);
}

/** The frame behind the address. */
export const boardPfn = ({ pfn, vma }: Board, address: number): number => pfn + (address - vma.vm_start) / PAGE_SIZE;

/** The driver as it stands. */
export const asItIs: BoardDriver = {
  *boardFault({ board }) {
    let ret = VM_FAULT_SIGBUS;
    yield* mutex_lock(board.lock);
    yield* down_read(board.power);
    if (yield* READ_ONCE(board.isOn)) {
      yield* boardNote(board);
      ret = yield* boardInsert(board);
    }
    yield* up_read(board.power);
    yield* mutex_unlock(board.lock);
    return ret;
  },

  *boardOff(board) {
    yield* down_write(board.power);
    yield* WRITE_ONCE(board.isOn, false);
    yield* unmap_mapping_range(board.mapping, 0, 0, true);
    yield* up_write(board.power);
  },
};

function* boardOn(board: Board): Kernel {
  yield* down_write(board.power);
  yield* WRITE_ONCE(board.isOn, true);
  yield* up_write(board.power);
}

/** Who does what, one after another: touches a page of the mapping, or switches the board. */
export type Deeds = Readonly<Record<string, readonly (number | 'off' | 'on')[]>>;

/** As the lesson has it. */
export const usualDeeds: Deeds = { A: [0], B: [1], Z: ['off', 'on'] };

/** The driver in that world, with what must hold: nothing is mapped of a board that is off, and the vma is noted once. */
export function trying(name: string, driver: BoardDriver, deeds: Deeds = usualDeeds): Program<Board> {
  const pages = Math.max(...Object.values(deeds).flat().map(Number).filter(Number.isInteger)) + 1;
  const world = { bars: { bar0: pages }, vmas: { v: { bar: 'bar0', process: 'p' } }, tasks: { A: fault('v', 0) } };
  // Before 6.3: a later kernel would warn of flags that a remap in a fault handler sets, and that is another story.
  const booted = simulate({ ...world, kernel: '6.1' }, generations.v6_10);
  const bodyOf = (board: Board, deed: number | 'off' | 'on') => {
    if (deed === 'on') return () => boardOn(board);
    return () => (deed === 'off' ? driver.boardOff(board) : touch(board, driver, deed));
  };
  return {
    name: `${name}: ${tellDeeds(deeds)}`,
    setup: () => boardOf(booted.setup()),
    tasks: (board) =>
      Object.fromEntries(Object.entries(deeds).map(([task, does]) => [task, does.map((deed) => bodyOf(board, deed))])),
    invariant: (board, now) => liveMapping(board, now, deeds),
    check: (board, now) => notedTwice(board, now) ?? driver.check?.(board, now),
    picture: (board, now) => ({ ...pictureOf(board, now), ...driver.picture?.(board, now) }),
    ...(booted.source ? { source: booted.source } : {}),
  };
}

/** A load of the page, by way of the core: it looks at the entry, calls the driver if there is none, and tries again. */
function* touch(board: Board, { boardFault }: BoardDriver, page: number): Kernel<string> {
  const { pte, address } = board.machine.pages[page] as Machine['pages'][number];
  if (!(yield* readAs(pte, pte_none, 'pte_none'))) return 'mapped';
  const ret = yield* boardFault({ board, address });
  return ret === VM_FAULT_SIGBUS ? 'SIGBUS' : yield* again();
}

function boardOf(machine: Machine): Board {
  return {
    machine,
    vma: machine.vmas.v as vm_area_struct,
    mapping: machine.vdev.i_mapping as Board['mapping'],
    pfn: machine.vdev.pdev.bars[0]?.pfn ?? 0,
    lock: mutex('lock'),
    power: rwlock('power'),
    isOn: cell(true, 'isOn'),
    users: cell(0, 'users'),
    filled: cell(false, 'filled'),
    wasUnmapped: cell(false, 'wasUnmapped'),
    live: cell(0, 'live'),
  };
}

const isMapped = (now: Snapshot) => (page: Machine['pages'][number]) => !pte_none(now.get(page.pte));

/** How many pages are mapped. */
export const mappedPages = ({ machine }: Board, now: Snapshot): number => machine.pages.filter(isMapped(now)).length;

/** Not while somebody switches the board, who takes the entries away after. */
function liveMapping({ machine, isOn, power }: Board, now: Snapshot, deeds: Deeds): string | undefined {
  const isSwitching = now.holders(power).some((task) => deeds[task]?.includes('off'));
  const live = now.get(isOn) || isSwitching ? undefined : machine.pages.find(isMapped(now));
  return live && `live mapping: ${live.name} leads to the board, which is off`;
}

function notedTwice({ users }: Board, now: Snapshot): string | undefined {
  const times = now.get(users);
  return times > 1 ? `noted twice: the vma stands on the list of users ${times} times` : undefined;
}

function pictureOf({ machine, isOn, users }: Board, now: Snapshot) {
  const entries = machine.pages.map((page) => [page.name, isMapped(now)(page) ? `bar0[${page.page}]` : '']);
  return { ...Object.fromEntries(entries), isOn: now.get(isOn), users: now.get(users) > 0 ? 'v' : '' };
}

function tellDeeds(deeds: Deeds): string {
  const told = Object.entries(deeds).map(([task, does]) => {
    const touches = does.every((deed) => typeof deed === 'number');
    return `${task} ${touches ? 'touches page' : 'switches'} ${does.join(', then ')}`;
  });
  return told.join('; ');
}
