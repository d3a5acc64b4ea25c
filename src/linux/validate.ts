/** What is wrong with a world's description; and what it leaves open, chosen. */

import { PAGE_SIZE } from './arch/x86/include/asm/page_types.ts';
import { checkDeed, processOf } from './deeds/index.ts';
import {
  allDeeds,
  DEVICE_TRAITS,
  type DeviceDescription,
  deedsOf,
  devicesOf,
  pagesOfVma,
  refusablePages,
  type WorldDescription,
} from './description.ts';
import { versionOf } from './include/linux/version.ts';
import { hex, isRecord, known, named, oneOf, onlyKeys, range, refuse, show } from './words.ts';

export { WorldError } from './words.ts';

const MAX_TASKS = 4;
/** So many pages with entries can be explored. */
export const MAX_PAGES = 8;
const MAX_ADDRESS = 2 ** 31;
const MAX_ALLOCATIONS = 100;
const FIRST_ADDRESS = 0x10000000;
/** Each vma begins a table of lowest entries of its own. */
const APART = 0x200000;

/** Where each vma begins. */
export type Addresses = ReadonlyMap<string, number>;

/** Checks the description and chooses the addresses that it leaves open. Throws a WorldError. */
export function validate(description: WorldDescription): Addresses {
  const own = ['devices', 'vmas', 'tasks', 'fail', 'pageTables', 'memtypes', 'kernel'];
  onlyKeys(description, 'a world', ['bars', ...DEVICE_TRAITS, ...own]);
  checkDevices(description);
  checkVmas(description);
  const addresses = placeVmas(description);
  oneOf(description.pageTables, 'pageTables', ['present', 'on demand']);
  oneOf(description.memtypes, 'memtypes', ['tracked']);
  if (description.kernel !== undefined && versionOf(description.kernel) === undefined)
    refuse(`kernel is ${show(description.kernel)}: give a version of Linux, such as '6.9'`);
  checkTasks(description);
  checkPages(description);
  checkFailures(description);
  return addresses;
}

/** The pages of the vma that have entries: of a large BAR, those that some task touches. */
export function pagesWithEntries(world: WorldDescription, name: string): readonly number[] {
  const vma = world.vmas[name];
  const pages = vma ? pagesOfVma(world, vma) : 0;
  if (pages <= MAX_PAGES) return Array.from({ length: pages }, (_, page) => page);
  const touched = allDeeds(world).flatMap((deed) =>
    'page' in deed && 'vma' in deed && deed.vma === name ? [deed.page] : [],
  );
  return [...new Set(touched)].sort((one, other) => one - other);
}

function checkDevices(world: WorldDescription): void {
  if (world.devices === undefined) {
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
  const devices = devicesOf(world);
  for (const [name, vma] of Object.entries(world.vmas)) {
    onlyKeys(vma, `vmas.${name}`, ['bar', 'device', 'process', 'at']);
    const device = vma.device ?? (Object.keys(devices)[0] as string);
    known(vma.bar, known(device, devices, `vmas.${name}`, 'device').bars, `vmas.${name}`, 'BAR');
    if (typeof vma.process !== 'string' || !/^\w+$/.test(vma.process)) {
      refuse(`vmas.${name}.process is ${show(vma.process)}: name the process that maps it, such as 'p'`);
    }
    const isAddress =
      Number.isInteger(vma.at) && (vma.at as number) >= PAGE_SIZE && (vma.at as number) % PAGE_SIZE === 0;
    if (vma.at !== undefined && !isAddress)
      refuse(`vmas.${name}.at is ${show(vma.at)}: give the address of a page, such as 0x10000000`);
  }
}

function checkPages(world: WorldDescription): void {
  const pages = Object.keys(world.vmas).reduce((sum, name) => sum + pagesWithEntries(world, name).length, 0);
  if (pages > MAX_PAGES)
    refuse(`the vmas map ${pages} pages: at most ${MAX_PAGES} can be explored; make a BAR smaller`);
}

function placeVmas(world: WorldDescription): Addresses {
  const addresses = new Map<string, number>();
  const taken = new Map<string, { name: string; start: number; end: number }[]>();
  for (const [name, vma] of Object.entries(world.vmas)) {
    const others = taken.get(vma.process) ?? [];
    const before = others.reduce((sum, { start, end }) => sum + Math.ceil((end - start) / APART) * APART, 0);
    const start = vma.at ?? FIRST_ADDRESS + before;
    const end = start + pagesOfVma(world, vma) * PAGE_SIZE;
    if (end > MAX_ADDRESS) refuse(`vmas.${name} ends at ${hex(end)}: addresses of worlds end at ${hex(MAX_ADDRESS)}`);
    const overlap = others.find((other) => start < other.end && other.start < end);
    if (overlap)
      refuse(
        `vmas.${name} (${hex(start)} to ${hex(end)}) overlaps ${overlap.name} in process ${vma.process}: give one of them another "at"`,
      );
    taken.set(vma.process, [...others, { name, start, end }]);
    addresses.set(name, start);
  }
  return addresses;
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
    const { allocations = 'all', remapAtPage = 0, wakeUp = false } = failing;
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
    if (!pages.includes(remapAtPage))
      refuse(`fail.${name}.remapAtPage is ${show(remapAtPage)}: give the page of a BAR, ${range(pages.length)}`);
  }
}
