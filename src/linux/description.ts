/** A world's description, written by hand: what it may say, and what is wrong with it. */

import { PAGE_SIZE } from './arch/x86/include/asm/page_types.ts';
import { type Deed, describeDeed } from './tasks.ts';

export interface WorldDescription {
  /** The device's BARs, and how many pages each has. */
  readonly bars: Readonly<Record<string, number>>;
  /** Each maps a whole BAR into a process. */
  readonly vmas: Readonly<Record<string, VmaDescription>>;
  /** Whether the device's memory is on at the start; it is unless said otherwise. */
  readonly memory?: 'enabled' | 'disabled';
  /** Each task on a CPU of its own. A list is done one after another. */
  readonly tasks: Readonly<Record<string, Deed | readonly Deed[]>>;
  /** What is made to fail, task by task. */
  readonly fail?: Readonly<Record<string, FailDescription>>;
  /** Whether the upper page tables are there from the start (as they are unless said otherwise), or made by the faults. */
  readonly pageTables?: 'present' | 'on demand';
}

export interface VmaDescription {
  readonly bar: string;
  readonly process: string;
  /** The first address; chosen for you unless you give it. */
  readonly at?: number;
}

export interface FailDescription {
  /** Which of the task's allocations fail, counted from 1. */
  readonly allocations?: readonly number[] | 'all';
  /** The page of a BAR that the task may not map: a fill stops before it. */
  readonly remapAtPage?: number;
}

/** A description that makes no sense; the message says what to do. */
export class WorldError extends Error {
  override readonly name = 'WorldError';
}

const MAX_TASKS = 4;
const MAX_PAGES = 8;
const MAX_ADDRESS = 2 ** 31;
const MAX_ALLOCATIONS = 100;
const FIRST_ADDRESS = 0x10000000;
/** Each vma begins a table of lowest entries of its own. */
const APART = 0x200000;

/** Where each vma begins. */
export type Addresses = ReadonlyMap<string, number>;

/** Checks the description and chooses the addresses that it leaves open. Throws a WorldError. */
export function validate(description: WorldDescription): Addresses {
  onlyKeys(description, 'a world', ['bars', 'vmas', 'memory', 'tasks', 'fail', 'pageTables']);
  checkBars(description);
  checkVmas(description);
  const addresses = placeVmas(description);
  oneOf(description.memory, 'memory', ['enabled', 'disabled']);
  oneOf(description.pageTables, 'pageTables', ['present', 'on demand']);
  checkTasks(description);
  checkFailures(description);
  return addresses;
}

/** A task's deeds, as a list. */
export const deedsOf = (task: Deed | readonly Deed[]): readonly Deed[] => (Array.isArray(task) ? task : [task as Deed]);

function checkBars({ bars }: WorldDescription): void {
  named(bars, 'bars', /^\w+$/, 'bars: { bar0: 4 }');
  for (const [name, pages] of Object.entries(bars)) {
    if (!Number.isInteger(pages) || pages < 1)
      refuse(`bars.${name} is ${show(pages)}: say how many pages it has, such as 4`);
    if (pages > MAX_PAGES) refuse(`bars.${name} has ${pages} pages: at most ${MAX_PAGES} can be explored`);
  }
}

function checkVmas({ bars, vmas }: WorldDescription): void {
  named(vmas, 'vmas', /^\w+$/, "vmas: { v: { bar: 'bar0', process: 'p' } }");
  for (const [name, vma] of Object.entries(vmas)) {
    onlyKeys(vma, `vmas.${name}`, ['bar', 'process', 'at']);
    known(vma.bar, bars, `vmas.${name}`, 'BAR');
    if (typeof vma.process !== 'string' || !/^\w+$/.test(vma.process)) {
      refuse(`vmas.${name}.process is ${show(vma.process)}: name the process that maps it, such as 'p'`);
    }
    const isAddress =
      Number.isInteger(vma.at) && (vma.at as number) >= PAGE_SIZE && (vma.at as number) % PAGE_SIZE === 0;
    if (vma.at !== undefined && !isAddress)
      refuse(`vmas.${name}.at is ${show(vma.at)}: give the address of a page, such as 0x10000000`);
  }
  const pages = Object.values(vmas).reduce((sum, vma) => sum + (bars[vma.bar] as number), 0);
  if (pages > MAX_PAGES)
    refuse(`the vmas map ${pages} pages: at most ${MAX_PAGES} can be explored; make a BAR smaller`);
}

function placeVmas({ bars, vmas }: WorldDescription): Addresses {
  const addresses = new Map<string, number>();
  const ends = new Map<string, { name: string; start: number; end: number }[]>();
  for (const [name, { bar, process, at }] of Object.entries(vmas)) {
    const others = ends.get(process) ?? [];
    const start = at ?? FIRST_ADDRESS + others.length * APART;
    const end = start + (bars[bar] as number) * PAGE_SIZE;
    if (end > MAX_ADDRESS) refuse(`vmas.${name} ends at ${hex(end)}: addresses of worlds end at ${hex(MAX_ADDRESS)}`);
    const overlap = others.find((other) => start < other.end && other.start < end);
    if (overlap)
      refuse(
        `vmas.${name} (${hex(start)} to ${hex(end)}) overlaps ${overlap.name} in process ${process}: give one of them another "at"`,
      );
    ends.set(process, [...others, { name, start, end }]);
    addresses.set(name, start);
  }
  return addresses;
}

function checkTasks(description: WorldDescription): void {
  const { tasks } = description;
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
    for (const deed of deeds) checkDeed(`tasks.${name}`, deed, description);
    const processes = new Set(deeds.flatMap((deed) => ('vma' in deed ? [description.vmas[deed.vma]?.process] : [])));
    if (processes.size > 1)
      refuse(`tasks.${name} touches vmas of ${[...processes].join(' and ')}: a task belongs to one process`);
  }
}

function checkDeed(where: string, deed: Deed, { bars, vmas }: WorldDescription): void {
  const isMade = ['fault', 'write', 'munmap', 'disableMemory', 'enableMemory'].includes(deed?.kind);
  if (!isMade) {
    refuse(
      `${where} is ${show(deed)}: use fault('v', 0), write('v', 0), munmap('v'), disableMemory(), enableMemory(), or a list of them`,
    );
  }
  if (!('vma' in deed)) return;
  const vma = known(deed.vma, vmas, `${where}, ${deed.kind}`, 'vma');
  if (deed.kind !== 'fault' && deed.kind !== 'write') return;
  const pages = bars[vma.bar] as number;
  if (!Number.isInteger(deed.page) || deed.page < 0 || deed.page >= pages) {
    refuse(
      `${where}, ${describeDeed(deed)}: ${deed.vma} has no page ${show(deed.page)}; its pages are ${range(pages)}`,
    );
  }
}

function checkFailures({ bars, tasks, fail = {} }: WorldDescription): void {
  if (!isRecord(fail)) refuse(`fail is ${show(fail)}: write fail: { A: { remapAtPage: 1 } }, or leave it out`);
  for (const [name, failing] of Object.entries(fail)) {
    known(name, tasks, 'fail', 'task');
    onlyKeys(failing, `fail.${name}`, ['allocations', 'remapAtPage']);
    const { allocations = 'all', remapAtPage = 0 } = failing;
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
    const pages = Math.max(...Object.values(bars));
    if (!Number.isInteger(remapAtPage) || remapAtPage < 0 || remapAtPage >= pages) {
      refuse(`fail.${name}.remapAtPage is ${show(remapAtPage)}: give the page of a BAR, ${range(pages)}`);
    }
  }
}

// --- Words ---------------------------------------------------------------------------------------------------------

function refuse(message: string): never {
  throw new WorldError(message);
}

const range = (count: number) => (count === 1 ? '0 only' : `0 to ${count - 1}`);
const hex = (address: number) => `0x${address.toString(16)}`;
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function show(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'string') return `'${value}'`;
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  return isRecord(value) ? `{ ${Object.keys(value).join(', ')} }` : String(value);
}

function onlyKeys(value: unknown, what: string, keys: readonly string[]): void {
  if (!isRecord(value)) refuse(`${what} is ${show(value)}: write { ${keys.join(', ')} }`);
  for (const key of Object.keys(value)) {
    if (!keys.includes(key)) refuse(`${what} has no "${key}": it has ${keys.join(', ')}`);
  }
}

function named(value: unknown, what: string, form: RegExp, example: string, rule = ' of letters, digits and _'): void {
  if (!isRecord(value) || Object.keys(value).length === 0)
    refuse(`${what} is ${isRecord(value) ? 'empty' : show(value)}: write ${example}`);
  for (const name of Object.keys(value)) {
    if (!form.test(name)) refuse(`${what}: '${name}' is no name: use a name${rule}`);
  }
}

function known<T>(name: string, among: Readonly<Record<string, T>>, where: string, what: string): T {
  if (typeof name === 'string' && Object.hasOwn(among, name)) return among[name] as T;
  refuse(`${where}: there is no ${what} ${show(name)}; there is ${Object.keys(among).join(', ')}`);
}

function oneOf(value: unknown, what: string, among: readonly string[]): void {
  if (value === undefined || among.includes(value as string)) return;
  refuse(`${what} is ${show(value)}: write ${among.map((each) => `'${each}'`).join(' or ')}`);
}
