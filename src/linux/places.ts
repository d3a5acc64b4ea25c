/**
 * Where programs touch memory, by name: at the vmas of the description, and where tasks will put copies of them. `mremap('v', 'w')` and
 * `mmap('v', 'w')` make the place w; `fork('c')` makes c.v of every place v of its process. A place keeps its name, whichever vma is there.
 */

import { PAGE_SIZE } from './arch/x86/include/asm/page_types.ts';
import type { Deed } from './deeds/index.ts';
import { allDeeds, pagesOfVma, type VmaDescription, type WorldDescription } from './description.ts';
import { hex, isRecord, refuse } from './words.ts';

export interface Place {
  readonly process: string;
  /** The described vma that it maps, or a copy of it. */
  readonly vma: string;
  /** The place that it takes its addresses from, in another process; chosen for it unless given. */
  readonly like?: string;
}

/** Where each place begins. */
export type Addresses = ReadonlyMap<string, number>;

const MAX_ADDRESS = 2 ** 31;
const FIRST_ADDRESS = 0x10000000;
/** Each place begins a table of lowest entries of its own. */
const APART = 0x200000;

/** All places: first those of the description. Asks little of the deeds, as they may not have been checked yet. */
export function placesOf(world: WorldDescription): Readonly<Record<string, Place>> {
  const places: Record<string, Place> = {};
  for (const [name, { process }] of Object.entries(world.vmas)) places[name] = { process, vma: name };
  const deeds = deedsIn(world);
  for (let known = 0; known < Object.keys(places).length; ) {
    known = Object.keys(places).length;
    for (const deed of deeds) addPlaces(deed, places, world);
  }
  return places;
}

/** The deeds, but for those that are none. */
const deedsIn = (world: WorldDescription) => allDeeds(world).filter((deed) => isRecord(deed));

function addPlaces(deed: Deed, places: Record<string, Place>, world: WorldDescription): void {
  if (deed.kind === 'mremap' || deed.kind === 'mmap') {
    const from = places[deed.vma];
    if (from) places[deed.kind === 'mmap' ? deed.at : deed.to] ??= { process: from.process, vma: from.vma };
  }
  if (deed.kind !== 'fork') return;
  const parent = doneIn(deed.process, world);
  for (const [name, { process, vma }] of Object.entries(places)) {
    if (process === parent)
      places[`${deed.child}.${nameIn(process, name)}`] ??= { process: deed.child, vma, like: name };
  }
}

/** The place's name as those of its process would write it: c.v is v in c. */
const nameIn = (process: string, name: string) =>
  name.startsWith(`${process}.`) ? name.slice(process.length + 1) : name;

/** The process that the deed is done in: the first one unless it says which. */
export const doneIn = (process: string | undefined, { vmas }: WorldDescription): string =>
  process ?? (Object.values(vmas)[0] as VmaDescription).process;

/** Chooses an address for each place that the description leaves open. Throws a WorldError. */
export function placeAll(world: WorldDescription): Addresses {
  const addresses = new Map<string, number>();
  const taken: Extent[] = [];
  for (const [name, { process, vma, like }] of Object.entries(placesOf(world))) {
    const described = world.vmas[vma] as VmaDescription;
    const isDescribed = name === vma;
    const start = isDescribed
      ? (described.at ?? behind(taken.filter((each) => each.process === process)))
      : (addresses.get(like ?? '') ?? behindAll(taken));
    const extent = { name: isDescribed ? `vmas.${name}` : name, process, start, end: start + sizeOf(world, described) };
    refuseBadExtent(extent, taken);
    taken.push(extent);
    addresses.set(name, start);
  }
  return addresses;
}

interface Extent {
  readonly name: string;
  readonly process: string;
  readonly start: number;
  readonly end: number;
}

const sizeOf = (world: WorldDescription, vma: VmaDescription) => pagesOfVma(world, vma) * PAGE_SIZE;
const upToNextTable = (size: number) => Math.ceil(size / APART) * APART;
/** Where the next described vma of a process begins. */
const behind = (taken: readonly Extent[]) =>
  taken.reduce((at, { start, end }) => at + upToNextTable(end - start), FIRST_ADDRESS);
/** What a task makes stands clear of all else, in any process: a child has what its parent has, at the same addresses. */
const behindAll = (taken: readonly Extent[]) => upToNextTable(Math.max(...taken.map(({ end }) => end)));

function refuseBadExtent({ name, process, start, end }: Extent, taken: readonly Extent[]): void {
  if (end > MAX_ADDRESS) refuse(`${name} ends at ${hex(end)}: addresses of worlds end at ${hex(MAX_ADDRESS)}`);
  const overlap = taken.find((other) => other.process === process && start < other.end && other.start < end);
  if (overlap)
    refuse(
      `${name} (${hex(start)} to ${hex(end)}) overlaps ${overlap.name.replace('vmas.', '')} in process ${process}: give one of them another "at"`,
    );
}

/** How many pages the place has. */
export function pagesAt(world: WorldDescription, name: string): number {
  const vma = world.vmas[placesOf(world)[name]?.vma ?? ''];
  return vma ? pagesOfVma(world, vma) : 0;
}

/** The processes that are there at boot, and those that tasks will fork, each with its parent. */
export function processesOf(
  world: WorldDescription,
): readonly { readonly name: string; readonly parent: string | null }[] {
  const atBoot = new Set(Object.values(world.vmas).map(({ process }) => process));
  const forks = deedsIn(world).flatMap((deed) => (deed.kind === 'fork' ? [deed] : []));
  return [
    ...[...atBoot].map((name) => ({ name, parent: null })),
    ...forks.map(({ child, process }) => ({ name: child, parent: doneIn(process, world) })),
  ];
}
