/** Declares the frames of RAM that a world's tasks can come to use, and the files whose pages stand in some. */

import { type Cell, cell, type Lock, mutex, object, rwlock } from '#explore';
import { deedsOf, type FileDescription, hasVmasInRam, pagesIn, type WorldDescription } from '../description.ts';
import { type address_space, type file, ON_DISK } from '../include/linux/fs.ts';
import type { PageOfFile, page, Ram, vm_area_struct } from '../include/linux/mm_types.ts';
import type { FramesOfTask } from '../include/linux/sched.ts';
import { zero_pfn } from '../mm/memory/zeroPage.ts';

const FIRST_FRAME = 0x100;
const FRAMES_APART = 0x100;
/** More than a task comes to allocate for one access, also where it loses a race or two. Beyond them it is out of memory. */
const FRAMES_PER_DEED = 4;

/** All frames; null where no vma can map one. */
export function bootRam(world: WorldDescription): Ram | null {
  if (!hasVmasInRam(world)) return null;
  let frame = FIRST_FRAME;
  const room = () => {
    frame += FRAMES_APART;
    return frame - FRAMES_APART;
  };
  const zero_page = declarePage('zero page', zero_pfn);
  const frames = Object.entries(world.tasks).map(
    ([task, deeds]) => [task, framesOf(task, deedsOf(deeds).length * FRAMES_PER_DEED, room())] as const,
  );
  const files = Object.entries(world.files ?? {}).map(
    ([name, file]) => [name, declareFile(name, file, room())] as const,
  );
  const ofFiles = files.flatMap(([, { pages }]) => pages);
  const all = [zero_page, ...frames.flatMap(([, { pages }]) => pages), ...ofFiles];
  return {
    zero_page,
    pages: Object.fromEntries(all.map((page) => [page.pfn, page])),
    frames: Object.fromEntries(frames),
    files: Object.fromEntries(files.map(([name, { file }]) => [name, file])),
    fault_around_pages: world.faultAround ?? 1,
  };
}

function framesOf(task: string, count: number, first: number): FramesOfTask {
  const pages = Array.from({ length: count }, (_, n) => declarePage(`page ${task}.${n + 1}`, first + n));
  return { pages, taken: cell(0, `pages of ${task}`) };
}

function declarePage(name: string, pfn: number, ofFile: PageOfFile | null = null): page {
  const references = ofFile?.uptodate ? 2 : 1; // its file's, and that of whoever reads it in
  const _refcount = cell(references, `${name}._refcount`);
  const fields = { name, pfn, _refcount, ofFile };
  return object<page>({ name, fields: (declare) => ({ ...fields, memory: declare<true>(true, 'memory') }) });
}

/** A file, all of it in memory but for what is on disk. */
function declareFile(name: string, described: number | FileDescription, first: number): { file: file; pages: page[] } {
  const i_pages: Cell<page | typeof ON_DISK | null>[] = [];
  const i_mmap: Cell<vm_area_struct | null>[] = [];
  const frames: Record<number, page> = {};
  const count = pagesIn(described);
  const mapping: address_space = {
    name,
    host: { i_size: cell(count, `i_size of ${name}`) },
    i_pages,
    frames,
    i_mmap_rwsem: rwlock(`i_mmap_rwsem of ${name}`, { fair: true }),
    i_mmap,
  };
  const onDisk = typeof described === 'number' ? [] : (described.onDisk ?? []);
  const pages = Array.from({ length: count }, (_, index) => {
    const page = `page ${name}[${index}]`;
    const uptodate = onDisk.includes(index) ? cell(false, `${page} is up to date`) : null;
    const traits = { index, lock: mutex(`lock of ${page}`), mapping: cell(mapping, `${page}.mapping`), uptodate };
    return declarePage(page, first + index, traits as PageOfFile);
  });
  for (const [index, page] of pages.entries()) {
    const isOnDisk = onDisk.includes(index);
    if (isOnDisk) frames[index] = page;
    i_pages.push(cell<page | typeof ON_DISK | null>(isOnDisk ? ON_DISK : page, `i_pages[${index}] of ${name}`));
  }
  return { file: { f_mapping: mapping }, pages };
}

/** Links a vma that maps the file. Only at boot. */
export function linkAtBoot({ i_mmap }: address_space, vma: vm_area_struct): void {
  const places = i_mmap as Cell<vm_area_struct | null>[];
  places.push(cell<vm_area_struct | null>(vma, `${vma.name} in i_mmap`));
}

/** The locks of all files. */
export function locksOfFiles(ram: Ram | null): Lock[] {
  const ofPage = ({ ofFile }: page) => ofFile?.lock ?? [];
  return Object.values(ram?.files ?? {}).flatMap(({ f_mapping: { i_mmap_rwsem, i_pages, frames } }) => [
    i_mmap_rwsem,
    ...i_pages.flatMap(({ initial }, index) => (initial === ON_DISK ? frames[index] : initial) ?? []).flatMap(ofPage),
  ]);
}
