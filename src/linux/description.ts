/** What a world's description, written by hand, may say. */

import type { Unanswered } from './cpu.ts';
import type { Deed } from './deeds/index.ts';

export interface WorldDescription extends Partial<DeviceDescription> {
  /** Several devices, each with BARs of its own, in the order in which the kernel has them; instead of `bars` and `memory`. */
  readonly devices?: Readonly<Record<string, DeviceDescription>>;
  /** How many pages each file has: all are in memory, unless said otherwise. */
  readonly files?: Readonly<Record<string, number | FileDescription>>;
  /** How many pages a read fault of a file maps at most, of those that are in memory (a power of two); its own, unless given. */
  readonly faultAround?: number;
  /** Each maps something into a process. */
  readonly vmas: Readonly<Record<string, VmaDescription>>;
  /** Each task on a CPU of its own. A list is done one after another. */
  readonly tasks: Readonly<Record<string, Deed | readonly Deed[]>>;
  /** What is made to fail, task by task. */
  readonly fail?: Readonly<Record<string, FailDescription>>;
  /** Whether the page tables are there from the start (as they are unless said otherwise), or made by the faults: all, or the lowest alone. */
  readonly pageTables?: 'present' | 'on demand' | 'lowest on demand';
  /** x86 notes which caching each stretch of frames has, and a remap reserves its frames; it does not unless said so. */
  readonly memtypes?: 'tracked';
  /** Which Linux it is, as '6.9'; the one that the driver was made for, unless given. */
  readonly kernel?: string;
  /**
   * What becomes of an access that no device answers, as its memory is off: it ends the task, unless said otherwise; reads give all ones
   * and writes are dropped; or a machine check stops the machine.
   */
  readonly unanswered?: Unanswered;
  /** Whether a program that gets a SIGBUS or SIGSEGV ends, as it does unless said otherwise, or handles it and goes on with what it does next. */
  readonly signals?: 'end the task' | 'handled';
  /** Whether CPUs keep what they have found in page tables until it is flushed; they do not, unless said otherwise. */
  readonly tlb?: 'none' | 'modelled';
  /** The kernel counts each task's faults: all of them, and the major and minor ones; it does not unless said so. */
  readonly counts?: 'faults';
}

/** A device, as its user finds it. */
export interface DeviceDescription {
  /** Its BARs, and how many pages each has. */
  readonly bars: Readonly<Record<string, number | BarDescription>>;
  /** Whether its memory is on at the start; it is unless said otherwise. */
  readonly memory?: 'enabled' | 'disabled';
  /** A virtual function, which has no memory bit; 'detached': one that the kernel does not know as such, as on s390. */
  readonly virtualFunction?: boolean | 'detached';
  /** How many virtual functions of its own are in use; none unless given. */
  readonly activeVfs?: number;
  /** Its power at the start; D0 unless given. */
  readonly power?: 'D0' | 'D3hot';
}

export interface BarDescription {
  /** At most 8 of them can be explored, so of a larger BAR only those that some task touches have entries. */
  readonly pages: number;
  /** Its first frame; chosen for you unless you give it. */
  readonly pfn?: number;
  /** The page with the table of MSI-X; in none unless given. */
  readonly msixPage?: number;
}

export interface FileDescription {
  readonly pages: number;
  /** Those of them that are not in memory at the start: whoever faults on one reads it in. */
  readonly onDisk?: readonly number[];
}

/** Maps a BAR, anonymous memory or a file. */
export interface VmaDescription {
  /** The whole of it is mapped. */
  readonly bar?: string;
  /** Whose BAR it is; the first device's unless given. */
  readonly device?: string;
  /** So many pages of memory that is the process's own. */
  readonly anonymous?: number;
  /** The whole of that file is mapped: so that writes change the file, if `shared`. */
  readonly file?: string;
  readonly shared?: boolean;
  readonly process: string;
  /** What the program may do with it; both unless given. */
  readonly prot?: 'read' | 'read-write';
  /** The first address; chosen for you unless you give it. */
  readonly at?: number;
}

export interface FailDescription {
  /** Which of the task's allocations fail, counted from 1. */
  readonly allocations?: readonly number[] | 'all';
  /** The page of a BAR that the task may not map: a fill stops before it. */
  readonly remapAtPage?: number;
  /** A device that the task wakes up does not wake. */
  readonly wakeUp?: boolean;
}

/** The name of the device of a world that has one only. */
const ONLY_DEVICE = 'vdev';

/** What may be said of a device besides its BARs. */
export const DEVICE_TRAITS = ['memory', 'virtualFunction', 'activeVfs', 'power'] as const;

/** The devices, in order. */
export function devicesOf(world: WorldDescription): Readonly<Record<string, DeviceDescription>> {
  const { devices, bars = {} } = world;
  const traits = DEVICE_TRAITS.filter((trait) => world[trait] !== undefined).map((trait) => [trait, world[trait]]);
  return devices ?? { [ONLY_DEVICE]: { bars, ...Object.fromEntries(traits) } };
}

/** The BAR that the vma maps; undefined if there is none of that name. */
export function barOf(world: WorldDescription, { bar, device }: VmaDescription): number | BarDescription | undefined {
  const devices = devicesOf(world);
  return devices[device ?? (Object.keys(devices)[0] as string)]?.bars[bar ?? ''];
}

/** Of a BAR, or of a file. */
export const pagesIn = (whole: number | BarDescription | FileDescription): number =>
  typeof whole === 'number' ? whole : whole.pages;

/** How many pages the vma has. */
export const pagesOfVma = (world: WorldDescription, vma: VmaDescription): number =>
  vma.anonymous ?? pagesIn((vma.file === undefined ? barOf(world, vma) : world.files?.[vma.file]) ?? 0);

/** Whether the vma maps RAM, and not a device. */
export const mapsRam = ({ anonymous, file }: VmaDescription): boolean => anonymous !== undefined || file !== undefined;

/** Whether any does. */
export const hasVmasInRam = ({ vmas }: WorldDescription): boolean => Object.values(vmas).some(mapsRam);

/** The pages of BARs at which `remapAtPage` can make a fill fail. */
export function refusablePages(world: WorldDescription): readonly number[] {
  const bars = Object.values(devicesOf(world)).flatMap((device) => Object.values(device.bars));
  return Array.from({ length: Math.max(0, ...bars.map(pagesIn)) }, (_, page) => page);
}

/** A task's deeds, as a list. */
export const deedsOf = (task: Deed | readonly Deed[]): readonly Deed[] => (Array.isArray(task) ? task : [task as Deed]);

/** All that anybody does. */
export const allDeeds = ({ tasks }: WorldDescription): readonly Deed[] => Object.values(tasks).flatMap(deedsOf);
