/** What is wrong with a world's description; and what it leaves open, chosen. */

import { PAGE_SIZE } from './arch/x86/include/asm/page_types.ts';
import { checkDeed, processOf } from './deeds/index.ts';
import {
  allDeeds,
  DEVICE_TRAITS,
  type DeviceDescription,
  deedsOf,
  devicesOf,
  type FileDescription,
  hasVmasInRam,
  mapsRam,
  refusablePages,
  type VmaDescription,
  type WorldDescription,
} from './description.ts';
import { versionOf } from './include/linux/version.ts';
import { PCI_STD_NUM_BARS } from './include/uapi/linux/pci_regs.ts';
import { type Addresses, pagesAt, placeAll, placesOf } from './places.ts';
import { isRecord, known, named, oneOf, onlyKeys, range, refuse, show } from './words.ts';

export { WorldError } from './words.ts';

const MAX_TASKS = 4;
/** So many pages with entries can be explored. */
export const MAX_PAGES = 8;
const MAX_ALLOCATIONS = 100;

/** What a world may have besides what its only device has. */
const PARTS = [
  'devices',
  'files',
  'vmas',
  'tasks',
  'fail',
  'pageTables',
  'kernel',
  'unanswered',
  'signals',
  'tlb',
  'memtypes',
  'counts',
  'faultAround',
];

/** Checks the description and chooses the addresses that it leaves open. Throws a WorldError. */
export function validate(description: WorldDescription): Addresses {
  onlyKeys(description, 'a world', ['bars', ...DEVICE_TRAITS, ...PARTS]);
  checkDevices(description);
  checkFiles(description);
  checkVmas(description);
  oneOf(description.unanswered, 'unanswered', ['ends the task', 'all ones', 'machine check']);
  oneOf(description.signals, 'signals', ['end the task', 'handled']);
  oneOf(description.tlb, 'tlb', ['none', 'modelled']);
  oneOf(description.pageTables, 'pageTables', ['present', 'on demand', 'lowest on demand']);
  oneOf(description.memtypes, 'memtypes', ['tracked']);
  oneOf(description.counts, 'counts', ['faults']);
  oneOf(description.faultAround, 'faultAround', [1, 2, 4, 8]);
  if (description.kernel !== undefined && versionOf(description.kernel) === undefined)
    refuse(`kernel is ${show(description.kernel)}: give a version of Linux, such as '6.9'`);
  checkTasks(description);
  const addresses = placeAll(description);
  checkPages(description);
  checkFailures(description);
  return addresses;
}

/** The pages of the place that have entries: of a large BAR, those that some task touches, there or where it is copied or moved to. */
export function pagesWithEntries(world: WorldDescription, name: string): readonly number[] {
  const places = placesOf(world);
  const of = places[name]?.vma ?? '';
  const pages = pagesAt(world, name);
  if (pages <= MAX_PAGES) return Array.from({ length: pages }, (_, page) => page);
  const touched = allDeeds(world).flatMap((deed) => {
    const at = 'buffer' in deed && isRecord(deed.buffer) ? deed.buffer : deed;
    return 'page' in at && 'vma' in at && places[at.vma]?.vma === of ? [at.page] : [];
  });
  return [...new Set(touched)].sort((one, other) => one - other);
}

function checkDevices(world: WorldDescription): void {
  if (world.devices === undefined) {
    if (world.bars === undefined && mapsRamOnly(world)) return;
    checkDevice(world, '');
    return;
  }
  const given = (['bars', ...DEVICE_TRAITS] as const).filter((trait) => world[trait] !== undefined);
  if (given.length > 0)
    refuse(`a world has either devices, or ${given.join(' and ')} of its only device: move them into devices`);
  named(world.devices, 'devices', /^\w+$/, 'devices: { d: { bars: { bar0: 4 } } }');
  for (const [name, device] of Object.entries(world.devices)) {
    onlyKeys(device, `devices.${name}`, ['bars', ...DEVICE_TRAITS]);
    checkDevice(device, `devices.${name}.`);
  }
}

const mapsRamOnly = ({ vmas }: WorldDescription) =>
  isRecord(vmas) && Object.values(vmas).every((vma) => vma && mapsRam(vma));

function checkFiles({ files }: WorldDescription): void {
  if (files === undefined) return;
  named(files, 'files', /^\w+$/, 'files: { f: 2 }');
  for (const [name, file] of Object.entries(files)) {
    if (isRecord(file)) onlyKeys(file, `files.${name}`, ['pages', 'onDisk']);
    const { pages, onDisk = [] } = isRecord(file) ? (file as unknown as FileDescription) : { pages: file as number };
    checkCount(pages, `files.${name}`);
    const arePages =
      Array.isArray(onDisk) && onDisk.every((each) => Number.isInteger(each) && each >= 0 && each < pages);
    if (!arePages) refuse(`files.${name}.onDisk is ${show(onDisk)}: list some of its pages, ${range(pages)}`);
  }
}

function checkCount(pages: number, where: string): void {
  if (!Number.isInteger(pages) || pages < 1 || pages > MAX_PAGES)
    refuse(`${where} is ${show(pages)}: say how many pages it has, 1 to ${MAX_PAGES}`);
}

/** `where` is what stands before the names of its parts. */
function checkDevice({ bars, ...traits }: Partial<DeviceDescription>, where: string): void {
  checkBars(bars, `${where}bars`);
  const { memory, virtualFunction, activeVfs, power } = traits;
  oneOf(memory, `${where}memory`, ['enabled', 'disabled']);
  oneOf(power, `${where}power`, ['D0', 'D3hot']);
  if (virtualFunction !== undefined && typeof virtualFunction !== 'boolean' && virtualFunction !== 'detached')
    refuse(`${where}virtualFunction is ${show(virtualFunction)}: write true, or 'detached'`);
  if (virtualFunction && memory !== undefined)
    refuse(`${where}memory is ${show(memory)}, and a virtual function has no memory bit: leave it out`);
  if (activeVfs !== undefined && (!Number.isInteger(activeVfs) || activeVfs < 0))
    refuse(`${where}activeVfs is ${show(activeVfs)}: say how many of its virtual functions are in use, such as 1`);
}

function checkBars(bars: WorldDescription['bars'], where: string): void {
  named(bars, where, /^\w+$/, 'bars: { bar0: 4 }');
  const count = Object.keys(bars ?? {}).length;
  if (count > PCI_STD_NUM_BARS) refuse(`${where} are ${count}: a device has at most ${PCI_STD_NUM_BARS}`);
  for (const [name, bar] of Object.entries(bars ?? {})) {
    if (isRecord(bar)) {
      onlyKeys(bar, `${where}.${name}`, ['pages', 'pfn', 'msixPage']);
      const { pfn, msixPage } = bar;
      if (pfn !== undefined && (!Number.isInteger(pfn) || (pfn as number) < 1))
        refuse(`${where}.${name}.pfn is ${show(pfn)}: give the number of a frame, such as 0x40000`);
      const isPage =
        Number.isInteger(msixPage) && (msixPage as number) >= 0 && (msixPage as number) < Number(bar.pages);
      if (msixPage !== undefined && !isPage)
        refuse(`${where}.${name}.msixPage is ${show(msixPage)}: give one of its pages, such as 0`);
    }
    const pages = isRecord(bar) ? bar.pages : bar;
    if (!Number.isInteger(pages) || (pages as number) < 1)
      refuse(`${where}.${name} is ${show(pages)}: say how many pages it has, such as 4`);
    if (typeof bar === 'number' && bar > MAX_PAGES)
      refuse(
        `${where}.${name} has ${bar} pages: at most ${MAX_PAGES} can be explored; of a larger one, { pages: ${bar} }, those that are touched`,
      );
  }
}

function checkVmas(world: WorldDescription): void {
  named(world.vmas, 'vmas', /^\w+$/, "vmas: { v: { bar: 'bar0', process: 'p' } }");
  for (const [name, vma] of Object.entries(world.vmas)) {
    onlyKeys(vma, `vmas.${name}`, ['bar', 'device', 'anonymous', 'file', 'shared', 'process', 'prot', 'at']);
    oneOf(vma.prot, `vmas.${name}.prot`, ['read', 'read-write']);
    checkMapped(vma, `vmas.${name}`, world);
    if (typeof vma.process !== 'string' || !/^\w+$/.test(vma.process)) {
      refuse(`vmas.${name}.process is ${show(vma.process)}: name the process that maps it, such as 'p'`);
    }
    const isAddress =
      Number.isInteger(vma.at) && (vma.at as number) >= PAGE_SIZE && (vma.at as number) % PAGE_SIZE === 0;
    if (vma.at !== undefined && !isAddress)
      refuse(`vmas.${name}.at is ${show(vma.at)}: give the address of a page, such as 0x10000000`);
  }
}

/** What the vma maps: one thing. */
function checkMapped(
  { bar, device, anonymous, file, shared }: VmaDescription,
  where: string,
  world: WorldDescription,
): void {
  if ([bar, anonymous, file].filter((each) => each !== undefined).length > 1)
    refuse(`${where} maps several things: give it a bar, a file, or so many anonymous pages`);
  oneOf(shared, `${where}.shared`, [true, false]);
  if (shared && file === undefined)
    refuse(`${where} is shared: that is said of a file; a BAR always is, anonymous memory never`);
  if (device !== undefined && bar === undefined) refuse(`${where} has a device, and maps no BAR of it: leave it out`);
  if (anonymous !== undefined) checkCount(anonymous, `${where}.anonymous`);
  else if (file !== undefined) known(file, world.files ?? {}, where, 'file');
  else {
    const devices = devicesOf(world);
    const owner = known(device ?? (Object.keys(devices)[0] as string), devices, where, 'device');
    known(bar as string, owner.bars, where, 'BAR');
  }
}

function checkPages(world: WorldDescription): void {
  const places = Object.keys(placesOf(world));
  const pages = places.reduce((sum, name) => sum + pagesWithEntries(world, name).length, 0);
  if (pages <= MAX_PAGES) return;
  const made = places.filter((name) => !Object.hasOwn(world.vmas, name));
  const what = made.length > 0 ? `the vmas, and ${made.join(', ')},` : 'the vmas';
  refuse(
    `${what} map ${pages} pages: at most ${MAX_PAGES} can be explored; make ${hasVmasInRam(world) ? 'one of them' : 'a BAR'} smaller`,
  );
}

function checkTasks(world: WorldDescription): void {
  const { tasks } = world;
  named(
    tasks,
    'tasks',
    /^[A-Za-z_]+$/,
    "tasks: { A: fault('v', 0) }",
    ' of letters and _ only, as schedules count steps with digits',
  );
  const count = Object.keys(tasks).length;
  if (count > MAX_TASKS) refuse(`there are ${count} tasks: at most ${MAX_TASKS} can be explored`);
  for (const [name, task] of Object.entries(tasks)) {
    const deeds = deedsOf(task);
    if (deeds.length === 0) refuse(`tasks.${name} is an empty list: give it something to do`);
    for (const deed of deeds) checkDeed(deed, `tasks.${name}`, world);
    const processes = new Set(deeds.flatMap((deed) => processOf(deed, world) ?? []));
    if (processes.size > 1)
      refuse(`tasks.${name} touches vmas of ${[...processes].join(' and ')}: a task belongs to one process`);
  }
}

function checkFailures(world: WorldDescription): void {
  const { tasks, fail = {} } = world;
  if (!isRecord(fail)) refuse(`fail is ${show(fail)}: write fail: { A: { remapAtPage: 1 } }, or leave it out`);
  for (const [name, failing] of Object.entries(fail)) {
    known(name, tasks, 'fail', 'task');
    onlyKeys(failing, `fail.${name}`, ['allocations', 'remapAtPage', 'wakeUp']);
    const { allocations = 'all', remapAtPage, wakeUp = false } = failing;
    if (typeof wakeUp !== 'boolean') refuse(`fail.${name}.wakeUp is ${show(wakeUp)}: write true, or leave it out`);
    const isCount = (each: unknown) =>
      Number.isInteger(each) && (each as number) >= 1 && (each as number) <= MAX_ALLOCATIONS;
    if (
      allocations !== 'all' &&
      !(Array.isArray(allocations) && allocations.length > 0 && allocations.every(isCount))
    ) {
      refuse(
        `fail.${name}.allocations is ${show(allocations)}: list which of its allocations fail, such as [1, 2], or say 'all'`,
      );
    }
    const pages = refusablePages(world);
    if (remapAtPage === undefined) continue;
    if (pages.length === 0)
      refuse(`fail.${name}.remapAtPage is ${show(remapAtPage)}: this world has no BAR; leave it out`);
    if (!pages.includes(remapAtPage))
      refuse(`fail.${name}.remapAtPage is ${show(remapAtPage)}: give the page of a BAR, ${range(pages.length)}`);
  }
}
