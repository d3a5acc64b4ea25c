/**
 * Why an execution goes as it does, step by step: whose write is read there, who holds the lock that somebody waits for, what
 * was looked at before it changed. Worked out from the trace alone, the same for both faces.
 */

import type { Ending, Trace, TraceEvent, TraceStep, Wait } from '#explore';
import { type Deed, History } from './reasons/history.ts';

/** One text for each step, in Markdown with nothing but code spans in it; the last one also tells how it ends. */
export function reasonsOf(trace: Trace): readonly string[] {
  const history = new History();
  return trace.steps.map((step, index) => {
    const moment: Moment = { trace, step, before: trace.steps[index - 1], number: index + 1, history };
    const said = [switchReason(moment), ...eventReasons(moment), ...waitReasons(moment)];
    if (index === trace.steps.length - 1) said.push(endReason(trace, step));
    const text = [...new Set(said.filter((each) => each !== undefined))].join(' ');
    return text || `\`${step.task}\` goes on${step.stack[0] ? ` in \`${step.stack[0].function}\`` : ''}.`;
  });
}

interface Moment {
  readonly trace: Trace;
  readonly step: TraceStep;
  readonly before: TraceStep | undefined;
  /** Counted from 1, as learners see it. */
  readonly number: number;
  readonly history: History;
}

/** Why another task runs than before. */
function switchReason({ trace, step, before, number }: Moment): string | undefined {
  if (!before || step.switched === 'no') return undefined;
  const { task } = before;
  if (step.switched === 'preemption') return `${task} could go on, but ${step.task} runs first.`;
  const wait = before.blocked.find((each) => each.task === task);
  if (wait) return `${task} waits for \`${wait.lock}\`: ${step.task} runs.`;
  const isDone = trace.steps.slice(number - 1).every((later) => later.task !== task);
  return isDone ? `${task} is done: ${step.task} runs.` : `${step.task} runs.`;
}

/** What its operation and the plain accesses with it came to, and why. */
function eventReasons(moment: Moment): (string | undefined)[] {
  const { step, history, number } = moment;
  const { gained, lost } = history.holds(step.task, step.locks, number);
  const plain = (before: boolean) => step.plain.filter((event) => (event.before ?? false) === before);
  const point = step.operation ? [step] : [];
  return [...plain(true), ...point, ...plain(false)].flatMap((event) => {
    const access = accessIn(event);
    const locks = event === step ? lockReasons(moment, access, { gained, lost }) : [];
    if (locks.length > 0) return locks;
    if (event.operation.includes('injected failure')) return 'In this world the allocation fails.';
    if (!access) return undefined;
    const text = access.isWrite ? writeReason(moment, access) : lookReason(moment, access);
    return isDetail(event, access) ? undefined : text;
  });
}

interface Access {
  /** Of the operation. */
  readonly name: string;
  /** The cell or lock, by name. */
  readonly place: string;
  readonly isWrite: boolean;
  /** Of what is written. */
  readonly value: string | undefined;
  readonly result: string;
}

/** Nothing, of what touches nothing that has a name. */
function accessIn({ operation, result }: Pick<TraceEvent, 'operation' | 'result'>): Access | undefined {
  const [, name, place, value] = /^(\w[\w ]*)\(([^",)]+)(?:, (.*))?\)$/s.exec(operation) ?? [];
  if (!name || !place) return undefined;
  const isSwap = name === 'compareAndSwap' && result === 'true';
  const isWrite = result === undefined || isSwap || /^update$|write/.test(name);
  return { name, place, isWrite, value, result: result ?? '' };
}

/** The kernel's own walks over lists and fields say nothing of the race. */
const isDetail = ({ stack }: Pick<TraceEvent, 'stack'>, { name, place }: Access): boolean =>
  /^(?:access|not freed|find_vma|kzalloc)$/.test(name) ||
  /\.(?:next|prev)$/.test(place) ||
  (/^(?:get|set|is listed)$/.test(name) && stack[0]?.file !== undefined);

interface Change {
  readonly gained: readonly string[];
  readonly lost: readonly string[];
}

function lockReasons(moment: Moment, access: Access | undefined, { gained, lost }: Change): string[] {
  const { step, before, history } = moment;
  const { name, place } = access ?? { name: '', place: '' };
  const others = history.othersWith(place, step.task);
  if (gained.length + lost.length === 0) {
    if (/queue|add_waiter/.test(name))
      return [`${step.task} queues for \`${place}\`. Who asks for it later stands behind.`];
    if (step.result === 'false' && others.length > 0)
      return [`${holdersText(others, place)}: ${step.task} does not get it, and does not wait.`];
  }
  const released = lost.map((lock) => {
    const isFreed = ({ lock: awaited, task }: Wait) =>
      awaited === lock && !step.blocked.some((still) => still.task === task);
    const freed = before?.blocked.filter(isFreed).map(({ task }) => task) ?? [];
    return `${step.task} gives \`${lock}\` back${freed.length > 0 ? `: ${list(freed)} can go on` : ''}.`;
  });
  return [...gained.map((lock) => gainReason(moment, lock)), ...released];
}

function gainReason({ step, history, number, trace }: Moment, lock: string): string {
  const others = history.othersWith(lock, step.task);
  if (others.length > 0) return `${holdersText(others, lock)}, and readers share it.`;
  const release = history.lastRelease(lock);
  if (release && hasWaited(trace, step.task, lock, number))
    return `${step.task} gets \`${lock}\`, which ${release.task} gave back in step ${release.step}.`;
  return `Nobody else holds \`${lock}\`: ${step.task} takes it.`;
}

/** Whether it could not go on for that lock, at some time since it last ran. */
function hasWaited({ steps }: Trace, task: string, lock: string, number: number): boolean {
  const since = steps.slice(0, number - 1).findLastIndex((step) => step.task === task);
  const between = steps.slice(Math.max(since, 0), number - 1);
  return between.some(({ blocked }) => blocked.some((wait) => wait.task === task && wait.lock === lock));
}

function lookReason({ step, history, number }: Moment, { name, place, result }: Access): string {
  const { task } = step;
  const write = history.lastWrite(place);
  const earlier = history.lastLook(task, place, name);
  history.looked(place, name, { task, step: number, result: finding(name, result) });
  const found = sentence(name, place, result);
  if (!write) return `${found} nobody has written it so far.`;
  if (write.task === task) return `${found} ${task} itself wrote it in step ${write.step}.`;
  const isNews = earlier && earlier.step < write.step && earlier.result !== finding(name, result);
  const since = isNews ? ` Before that, in step ${earlier.step}, ${task} found it ${earlier.result}.` : '';
  return `${found} ${write.task} wrote it in step ${write.step}.${since}`;
}

/** What it came to, in words that its reason follows. */
function sentence(name: string, place: string, result: string): string {
  if (name === 'walk') {
    const isThere = !/^(?:true|false)$/.test(result);
    return isThere
      ? `The entry \`${place}\` leads to ${finding(name, result)}:`
      : `No entry at \`${place}\`, so the CPU faults:`;
  }
  if (name === '__vfio_pci_memory_enabled') return `The device’s memory is ${finding(name, result)}, by \`${place}\`:`;
  return `\`${place}\` is ${finding(name, result)}:`;
}

function finding(name: string, result: string): string {
  const yes = result === 'true';
  if (/_none$/.test(name)) return yes ? 'empty' : 'filled';
  if (name === '__vfio_pci_memory_enabled') return yes ? 'on' : 'off';
  if (name === 'walk' && result === 'false') return 'empty';
  return `\`${result.replace(/^"(.*)"$/s, '$1')}\``;
}

function writeReason({ step, history, number }: Moment, access: Access): string {
  const { task } = step;
  const { name, place } = access;
  if (/^k?free$/.test(name)) return `${task} frees \`${place}\`.`;
  const stale = history.staleLook(task, place);
  const lost = history.lastWrite(place);
  history.wrote(place, { task, step: number });
  const now = `\`${place}\` ${standing(step, access)}.`;
  if (!stale || !lost) return now;
  return `${now} ${task} found it ${stale.result} in step ${stale.step}, and overwrites what ${lost.task} wrote in step ${lost.step}.`;
}

/** What stands there from now on: in words where the picture has an entry of that name. */
function standing({ picture }: TraceStep, { place, value }: Access): string {
  const text = entryText(picture, place);
  if (text === '') return 'is empty from now on';
  if (text !== undefined) return `leads to ${text === 'table' ? 'the next table' : `\`${text}\``} from now on`;
  return value === undefined ? 'is written' : `is \`${value}\` from now on`;
}

function entryText(picture: unknown, place: string): string | undefined {
  const tables = (picture as { tables?: unknown } | null)?.tables;
  if (!Array.isArray(tables)) return undefined;
  const entries = tables.flatMap((table: { entries?: unknown } | null) =>
    Array.isArray(table?.entries) ? table.entries : [],
  );
  const entry = entries.find((each: { name?: unknown } | null) => each?.name === place) as
    | { text?: unknown }
    | undefined;
  return typeof entry?.text === 'string' ? entry.text : undefined;
}

/** Who cannot go on from now on, and whose fault it is. */
function waitReasons({ step, before, number, history }: Moment): string[] {
  const waited = new Set((before?.blocked ?? []).map(waitKey));
  const news = step.blocked.filter((wait) => !waited.has(waitKey(wait)));
  return news.map(({ task, lock, heldBy, behind = [] }) => {
    const holders = history.othersWith(lock, task).filter((deed) => heldBy.includes(deed.task));
    if (holders.some(({ step: since }) => since === number)) return `From now on ${task} has to wait for it.`;
    if (holders.length > 0) return `${holdersText(holders, lock)}: ${task} has to wait.`;
    return `${task} has to wait for \`${lock}\`${behind.length > 0 ? `, behind ${list(behind)}` : ''}.`;
  });
}

const waitKey = ({ task, lock }: Wait) => `${task} ${lock}`;

function holdersText(holders: readonly Deed[], lock: string): string {
  const [first] = holders;
  if (holders.length === 1 && first) return `${first.task} has held \`${lock}\` since step ${first.step}`;
  return `${list(holders.map(({ task }) => task))} hold \`${lock}\``;
}

const list = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

const endings: Partial<Record<Ending['kind'], string>> = {
  bug: 'Here the kernel stops',
  warning: 'Here the kernel warns',
  check: 'All have returned, and it has come out wrong',
  invariant: 'From here on a promise is broken',
  deadlock: 'Nobody can go on any more',
  livelock: 'Nobody gets on',
  'data race': 'A data race',
  'lock order': 'Two locks are taken in both orders',
  'lock misuse': 'A lock is used wrongly',
  'use after free': 'What is used here is freed already',
  'forgotten yield': 'A `yield*` is missing',
};

function endReason({ ending, steps }: Trace, { task, locks }: TraceStep): string {
  const { kind, message, repeatsFrom } = ending;
  if (kind === 'returned') return 'All have returned.';
  if (kind === 'unfinished') return 'It is not over.';
  const what = endings[kind] ?? `It ends in ${kind}`;
  const keeps =
    kind === 'bug' && locks.length > 0
      ? ` ${task} is dead, and still holds ${list(locks.map((lock) => `\`${lock}\``))}.`
      : '';
  const again = repeatsFrom === undefined ? '' : ` Steps ${repeatsFrom + 1} to ${steps.length} repeat for ever.`;
  return `${message ? `${what}: ${message.replace(/\.$/, '')}.` : `${what}.`}${keeps}${again}`;
}
