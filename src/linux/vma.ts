/**
 * How the simulation makes vmas.
 *
 * What a handler reads of a vma (`vma.vm_start`) is an ordinary property. In most worlds it never changes. Where tasks split, move or
 * protect vmas it does, under mmap_lock as the writer; whoever reads it holds mmap_lock at least as a reader, so it stays what it was when the
 * task last looked. So it is kept in one cell, `shape`; `look` reads that, and the properties tell what the running task has seen last.
 */

import { type Allocatable, type Cell, derived, get, type Snapshot, set } from '#explore';
import { noteSeen, seen } from './arch/x86/include/asm/current.ts';
import type { pgprot_t } from './arch/x86/include/asm/pgtable.ts';
import type { vfio_pci_core_device } from './drivers/vfio/pci/vfio_pci_core.ts';
import type { file } from './include/linux/fs.ts';
import type { vm_operations_struct } from './include/linux/mm.ts';
import type { Backing, mm_struct, vm_area_struct } from './include/linux/mm_types.ts';
import type { Kernel } from './kernel.ts';

/** What of a vma may change. */
export type VmaShape = Pick<vm_area_struct, 'vm_start' | 'vm_end' | 'vm_pgoff' | 'vm_flags'>;

/** What of a vma never changes. */
export interface VmaTraits {
  readonly mm: mm_struct;
  /** All address spaces that it may be copied into. */
  readonly spaces: readonly mm_struct[];
  readonly vm_page_prot: pgprot_t;
  readonly vm_ops: vm_operations_struct;
  readonly vm_private_data: vfio_pci_core_device;
  readonly vm_file: file | null;
  readonly backing: Backing | null;
}

export type VmaKind = Allocatable<vm_area_struct>;

/** A kind of vma, for `object` or `allocate`, with its name. In worlds that reshape vmas it can be copied into each address space. */
export function vmaKind(name: string, { mm, spaces, ...traits }: VmaTraits, shape: VmaShape): VmaKind {
  const copies: Record<string, VmaKind> = {};
  if (mm.isReshaped) {
    for (const space of spaces) {
      const copy = space === mm ? `${name}'` : `${space.name}.${name}`;
      copies[space.name] = kind('vm_area_struct', copy, { ...traits, vm_mm: space, copies }, shape);
    }
  }
  return kind(`vm_area_struct ${name}`, name, { ...traits, vm_mm: mm, copies }, shape);
}

type Fixed = Omit<vm_area_struct, keyof VmaShape | 'name' | 'shape' | 'memory'>;

function kind(what: string, name: string, fixed: Fixed, shape: VmaShape): VmaKind {
  return {
    name: what,
    fields(declare) {
      const memory = declare<true>(true, 'memory');
      if (!fixed.vm_mm.isReshaped) return { name, ...fixed, ...shape, shape: null, memory };
      return withShape({ name, ...fixed, shape: declare(told(shape), 'shape'), memory });
    },
  };
}

function withShape(fixed: Omit<vm_area_struct, keyof VmaShape>): vm_area_struct {
  const vma = { ...fixed } as vm_area_struct;
  for (const key of ['vm_start', 'vm_end', 'vm_pgoff', 'vm_flags'] as const) {
    const lastSeen = () => parsed(lastSeenOf(vma))[key];
    Object.defineProperty(vma, key, { get: derived(lastSeen), enumerable: true });
  }
  return vma;
}

const lastSeenOf = (vma: vm_area_struct) => seen(vma) ?? (vma.shape as Cell<string>).initial;

/** Looks at a vma that may have changed: from here on its properties tell how it is now. Locks: mmap_lock. */
export function* look(vma: vm_area_struct): Kernel {
  if (vma.shape) noteSeen(vma, yield* get(vma.shape, 'look'));
}

/** Changes a vma. Locks: mmap_lock as the writer. */
export function* reshape(vma: vm_area_struct, change: Partial<VmaShape>): Kernel {
  if (!vma.shape) throw new Error(`${vma.name} cannot change: no deed of this world foresees it`);
  const { vm_start, vm_end, vm_pgoff, vm_flags } = vma;
  const text = told({ vm_start, vm_end, vm_pgoff, vm_flags, ...change });
  yield* set(vma.shape, text, 'reshape');
  noteSeen(vma, text);
}

/** How the vma is at that moment. */
export function shapeNow(vma: vm_area_struct, now: Snapshot): VmaShape {
  return vma.shape ? parsed(now.get(vma.shape)) : vma;
}

const told = ({ vm_start, vm_end, vm_pgoff, vm_flags }: VmaShape) =>
  [vm_start, vm_end, vm_pgoff, vm_flags].map((value) => `0x${value.toString(16)}`).join(' ');

function parsed(text: string): VmaShape {
  const [vm_start = 0, vm_end = 0, vm_pgoff = 0, vm_flags = 0] = text.split(' ').map(Number);
  return { vm_start, vm_end, vm_pgoff, vm_flags };
}
