/**
 * How the simulation makes vmas.
 *
 * What a handler reads of a vma (`vma.vm_start`) is an ordinary property. In most worlds it never changes. Where tasks split, move or
 * protect vmas it does, under mmap_lock as the writer; whoever reads it holds mmap_lock at least as a reader, so it stays what it was when the
 * task last looked. So it is kept in one cell, `shape`; `look` reads that, and the properties tell what the running task has seen last.
 */

import {
  type Allocatable,
  type Cell,
  type DeclareField,
  derived,
  get,
  getAs,
  type Lock,
  rwlock,
  type Snapshot,
  set,
  write,
} from '#explore';
import { noteSeen, seen } from './arch/x86/include/asm/current.ts';
import { pgprot_modify, type pgprot_t } from './arch/x86/include/asm/pgtable.ts';
import { vm_get_page_prot } from './arch/x86/mm/pgprot.ts';
import type { vfio_pci_core_device } from './drivers/vfio/pci/vfio_pci_core.ts';
import type { file } from './include/linux/fs.ts';
import { vma_start_write } from './include/linux/mm/vmaLock.ts';
import type { vm_operations_struct } from './include/linux/mm.ts';
import type { Backing, mm_struct, vm_area_struct, vma_lock } from './include/linux/mm_types.ts';
import type { Kernel } from './kernel.ts';

/** What of a vma may change. */
export type VmaShape = Pick<vm_area_struct, 'vm_start' | 'vm_end' | 'vm_pgoff' | 'vm_flags'>;

/** What of a vma never changes. */
export interface VmaTraits {
  readonly mm: mm_struct;
  /** The copies that tasks may make of it. */
  readonly copies: readonly CopyTraits[];
  readonly vm_page_prot: pgprot_t;
  readonly vm_ops: vm_operations_struct;
  readonly vm_private_data: vfio_pci_core_device;
  readonly vm_file: file | null;
  readonly backing: Backing | null;
}

export interface CopyTraits {
  readonly mm: mm_struct;
  readonly name: string;
  /** The address of a place that has a name; the copy that begins there has the same. null: one that begins anywhere else. */
  readonly at: number | null;
}

export type VmaKind = Allocatable<vm_area_struct>;

/** A kind of vma, for `object` or `allocate`, with its name. In worlds that reshape vmas it has copies. */
export function vmaKind(name: string, { mm, copies, ...traits }: VmaTraits, shape: VmaShape): VmaKind {
  const kinds: Record<string, VmaKind> = {};
  if (mm.isReshaped) {
    for (const copy of copies)
      kinds[copyKey(copy.mm, copy.at)] = kind(copy.name, { ...traits, vm_mm: copy.mm, copies: kinds }, shape);
  }
  return kind(name, { ...traits, vm_mm: mm, copies: kinds }, shape);
}

const copyKey = ({ name }: mm_struct, at: number | null) => (at === null ? name : `${name} at ${at}`);

/** The kind of a copy in that address space, which begins at that address. Throws where no deed of the world makes one. */
export function kindOfCopy({ name, copies }: vm_area_struct, mm: mm_struct, at: number | null): VmaKind {
  const found = copies[copyKey(mm, at)] ?? copies[copyKey(mm, null)];
  if (!found) throw new Error(`${name} cannot be copied into ${mm.name}: no deed of this world foresees it`);
  return found;
}

type Fixed = Omit<vm_area_struct, keyof VmaShape | 'name' | 'shape' | 'memory' | 'vm_lock'>;

function kind(name: string, fixed: Fixed, shape: VmaShape): VmaKind {
  const lock = fixed.vm_mm.mm_lock_seq && rwlock(`vm_lock of ${name}`, { fair: true });
  return {
    name: `vm_area_struct ${name}`,
    fields(declare) {
      const own = { name, ...fixed, memory: declare<true>(true, 'memory'), vm_lock: vmaLock(declare, lock) };
      if (!fixed.vm_mm.isReshaped) return { ...own, ...shape, shape: null };
      return withShape({ ...own, shape: declare(told(shape), 'shape') });
    },
  };
}

/** All vmas of a kind share the lock, as locks can only be declared at boot: at times one waits for the readers of another. */
function vmaLock(declare: DeclareField, lock: Lock | null): vma_lock | null {
  return lock && { lock, vm_lock_seq: declare(-1, 'vm_lock_seq'), detached: declare(false, 'detached') };
}

function withShape(fixed: Omit<vm_area_struct, keyof VmaShape>): vm_area_struct {
  const vma = { ...fixed } as vm_area_struct;
  const property = (key: keyof vm_area_struct, tell: (shape: VmaShape) => number) =>
    Object.defineProperty(vma, key, { get: derived(() => tell(parsed(lastSeenOf(vma)))), enumerable: true });
  for (const key of ['vm_start', 'vm_end', 'vm_pgoff', 'vm_flags'] as const) property(key, (shape) => shape[key]);
  property('vm_page_prot', ({ vm_flags }) => pgprot_modify(fixed.vm_page_prot, vm_get_page_prot(vm_flags)));
  return vma;
}

const lastSeenOf = (vma: vm_area_struct) => seen(vma) ?? (vma.shape as Cell<string>).initial;

/** Looks at a vma that may have changed: from here on its properties tell how it is now. Locks: mmap_lock. */
export function* look(vma: vm_area_struct): Kernel {
  if (vma.shape) noteSeen(vma, yield* get(vma.shape, 'look'));
}

/** Looks at a vma that may have changed, and learns only this of it. Locks: mmap_lock. */
export function* lookAs<R>(vma: vm_area_struct, project: (shape: VmaShape) => R): Kernel<R> {
  return vma.shape ? yield* getAs(vma.shape, (text) => project(parsed(text)), 'look') : project(vma);
}

/** Changes a vma. Locks: mmap_lock as the writer. */
export function* reshape(vma: vm_area_struct, change: Partial<VmaShape>): Kernel {
  if (!vma.shape) throw new Error(`${vma.name} cannot change: no deed of this world foresees it`);
  const text = told({ ...shapeOf(vma), ...change });
  yield* vma_start_write(vma);
  yield* vma.vm_lock ? write(vma.shape, text, 'reshape') : set(vma.shape, text, 'reshape');
  noteSeen(vma, text);
}

/** How the vma was when the world began. */
export const initialShape = (vma: vm_area_struct): VmaShape => (vma.shape ? parsed(vma.shape.initial) : vma);

/** How the running task has last seen the vma. */
export const shapeOf = ({ vm_start, vm_end, vm_pgoff, vm_flags }: VmaShape): VmaShape => ({
  vm_start,
  vm_end,
  vm_pgoff,
  vm_flags,
});

/** Whether a vma told so contains the address. */
export const toldToContain = (address: number) => (text: string) => {
  const { vm_start, vm_end } = parsed(text);
  return address >= vm_start && address < vm_end;
};

/** How the vma is at that moment. Where vmas change, one that has been freed covers nothing. */
export function shapeNow(vma: vm_area_struct, now: Snapshot): VmaShape {
  return vma.shape ? parsed(now.get(vma.shape) ?? '') : vma;
}

/** How the vma is at that moment, to be shown; one that has been freed, as it was at first. */
export function shapeToShow(vma: vm_area_struct, now: Snapshot): VmaShape {
  return vma.shape ? parsed(now.get(vma.shape) ?? vma.shape.initial) : vma;
}

const told = ({ vm_start, vm_end, vm_pgoff, vm_flags }: VmaShape) =>
  [vm_start, vm_end, vm_pgoff, vm_flags].map((value) => `0x${value.toString(16)}`).join(' ');

function parsed(text: string): VmaShape {
  const [vm_start = 0, vm_end = 0, vm_pgoff = 0, vm_flags = 0] = text.split(' ').map(Number);
  return { vm_start, vm_end, vm_pgoff, vm_flags };
}
