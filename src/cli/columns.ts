/**
 * An interleaving for a terminal: time runs down, each CPU has a column. A line across says who goes on and why the other
 * stopped; the fatal step is marked in the margin and named below.
 */

import type { Frame, Trace, TraceEvent, TraceStep } from '#explore';
import { type EndingRole, whereTheyWait } from '#grade/ending';
import { type CallOf, callOf, functionOf, isTheMatter, summedUp } from './events.ts';
import { glyph, type Look, paint, type Style } from './look.ts';
import { widthOf, wrap } from './prose.ts';
import { tellSteps } from './told.ts';
import { endingText, switchText, waitText } from './trace-words.ts';

const MARGIN = 6;
const GAP = 2;

/** What stands at one place of the picture, and how it looks. */
interface Entry {
  readonly text: string;
  readonly style?: Style | readonly Style[];
  /** Spaces in front of lines after the first. */
  readonly hang?: number;
}

interface Columns {
  readonly look: Look;
  readonly tasks: readonly string[];
  readonly width: number;
  readonly role: EndingRole;
}

/**
 * Draws a trace, in lines no wider than the look allows. `role`: what its end is to its reader. With `upTo`, its first steps
 * alone.
 */
export function drawColumns(
  look: Look,
  trace: Trace,
  role: EndingRole = 'new',
  upTo: number = trace.steps.length,
): string[] {
  if (look.spoken) return tellSteps(look, trace, role);
  const columns = columnsOf(look, trace, role);
  const lines = columns.tasks.length === 0 ? [] : heading(columns);
  const places = new Map<string, string>();
  for (const [index, step] of trace.steps.slice(0, upTo).entries()) {
    const change = switchText(trace, index);
    if (change !== undefined) lines.push(...acrossLines(columns, change));
    if (trace.ending.repeatsFrom === index && upTo >= trace.steps.length)
      lines.push(...acrossLines(columns, 'from here on, round and round'));
    lines.push(...placeLines(columns, step, places));
    lines.push(...stepLines(columns, trace, index));
  }
  const end = upTo < trace.steps.length ? [] : ending(columns, trace);
  return [...lines, ...end].map((line) => line.trimEnd());
}

function columnsOf(look: Look, trace: Trace, role: EndingRole): Columns {
  const tasks = [...new Set(trace.steps.map((step) => step.task))].sort();
  const width = Math.floor((look.width - MARGIN - GAP * (tasks.length - 1)) / Math.max(1, tasks.length));
  return { look, tasks, width, role };
}

/** One step alone, without what comes with it: for a window that has no room for those before and after it. */
export function drawStep(look: Look, trace: Trace, index: number): string[] {
  const columns = columnsOf(look, trace, 'new');
  const step = trace.steps[index];
  if (!step) return [];
  const number: Entry = { text: ` ${String(index + 1).padStart(3)}`, style: 'dim' };
  return rowOf(columns, step.task, { text: eventText(look, step), style: 'dim', hang: 2 }, number).map((line) =>
    line.trimEnd(),
  );
}

// How an execution ends without a step to blame: well, at a wrong place, or never.
const BLAMELESS: readonly string[] = ['returned', 'check', 'livelock'] satisfies Trace['ending']['kind'][];

/** The step with which it went wrong; undefined if it did not, or if no one step is to blame. */
function fatalStep({ ending, steps }: Trace): number | undefined {
  return BLAMELESS.includes(ending.kind) ? undefined : steps.length - 1;
}

function heading(columns: Columns): string[] {
  const rule = glyph(columns.look, 'rule').repeat(columns.width);
  const names = columns.tasks.map((task): Entry => ({ text: `CPU ${task}`, style: 'bold' }));
  const rules = columns.tasks.map((): Entry => ({ text: rule, style: 'dim' }));
  return [...row(columns, names), ...row(columns, rules)];
}

/** One row of the picture: several lines where an entry does not fit in one. */
function row(
  { look, width }: Columns,
  entries: readonly (Entry | undefined)[],
  margin: Entry = { text: '' },
): string[] {
  const cells = entries.map((entry) => (entry ? wrapEntry(entry, width) : []));
  const height = Math.max(...cells.map((cell) => cell.length));
  return Array.from({ length: height }, (_, line) => {
    const parts = cells.map((cell, column) => padded(look, { ...entries[column], text: cell[line] ?? '' }, width));
    return padded(look, line === 0 ? margin : { text: '' }, MARGIN) + parts.join(' '.repeat(GAP));
  });
}

function padded(look: Look, { text, style }: Entry, width: number): string {
  return (style ? paint(look, style, text) : text) + ' '.repeat(Math.max(0, width - widthOf(text)));
}

function wrapEntry({ text, hang = 0 }: Entry, width: number): string[] {
  const [first = '', ...rest] = wrap(text, width - hang);
  return [first, ...rest.map((line) => ' '.repeat(hang) + line)];
}

function rowOf(columns: Columns, task: string, entry: Entry, margin?: Entry): string[] {
  return row(
    columns,
    columns.tasks.map((each) => (each === task ? entry : undefined)),
    margin,
  );
}

/** The function that the task is in, where it is another one than at its last step. */
function placeLines(columns: Columns, step: TraceStep, places: Map<string, string>): string[] {
  const place = placeOf(step, columns.width);
  if (place === undefined || place === places.get(step.task)) return [];
  places.set(step.task, place);
  return rowOf(columns, step.task, { text: place, style: 'dim', hang: 2 });
}

/** A step: the plain accesses before its scheduling point, that point with its number, the plain accesses after it. */
function stepLines(columns: Columns, trace: Trace, index: number): string[] {
  const { look, role } = columns;
  const step = trace.steps[index];
  if (!step) return [];
  const isFatal = index === fatalStep(trace);
  const place = functionOf(step)?.function;
  const call = (event: TraceEvent) => (isFatal || isTheMatter(trace, event) ? undefined : callOf(event, place));
  const plain = (events: readonly TraceEvent[]) =>
    summaries(look, events, call).flatMap((text) =>
      rowOf(columns, step.task, { text: `${glyph(look, 'waiting')} ${withoutEnding(trace, text)}`, hang: 4 }),
    );
  const text = step.operation === '' ? '(no scheduling point)' : eventText(look, step);
  const style = isFatal ? endStyle(role) : [];
  const number: Entry = {
    text: `${isFatal ? glyph(look, role === 'found' ? 'passed' : 'failed') : ' '}${String(index + 1).padStart(3)}`,
    style: isFatal ? style : 'dim',
  };
  return [
    ...plain(step.plain.filter((event) => event.before)),
    ...rowOf(columns, step.task, { text, style, hang: 2 }, number),
    ...plain(step.plain.filter((event) => !event.before)),
  ];
}

/** A text for each event, but one for all that a call does in many. */
function summaries(look: Look, events: readonly TraceEvent[], callOf: CallOf): string[] {
  return summedUp(events, callOf).map((each) =>
    typeof each === 'string' ? each.replace('()', `(${glyph(look, 'ellipsis')})`) : eventText(look, each),
  );
}

/** `BUG_ON("…")` of the message that stands below is `BUG_ON`. */
function withoutEnding({ ending }: Trace, text: string): string {
  return ending.message !== undefined && text.includes(ending.message) ? text.replace(/\(.*\)/, '') : text;
}

/** `mutex_lock(vma_lock)`, its result where it has one, and the learner's line that led to it. */
function eventText(look: Look, event: { operation: string; result?: string; stack: readonly Frame[] }): string {
  const result = event.result === undefined || event.result === '' ? '' : ` ${glyph(look, 'arrow')} ${event.result}`;
  const line = event.stack.find((frame) => frame.line !== undefined)?.line;
  return `${event.operation}${result}${line === undefined ? '' : `  :${line}`}`;
}

/** Its name, and its file where there is room. */
function placeOf(step: TraceStep, room: number): string | undefined {
  const frame = functionOf(step);
  if (!frame) return undefined;
  const withFile = `${frame.function} (${frame.file})`;
  return frame.file === undefined || withFile.length > room ? frame.function : withFile;
}

function acrossLines({ look }: Columns, text: string): string[] {
  const rule = glyph(look, 'rule');
  const [first = '', ...rest] = wrap(text, look.width - MARGIN - 5);
  const lines = [`${rule.repeat(3)} ${first} `.padEnd(look.width - MARGIN, rest.length === 0 ? rule : ' ')];
  lines.push(...rest.map((line) => `    ${line}`));
  return lines.map((line) => paint(look, 'yellow', ' '.repeat(MARGIN) + line));
}

/** What was asked for is no failure. */
const endStyle = (role: EndingRole): Style[] => ['bold', role === 'found' ? 'green' : 'red'];

const roundsText = (from: number, to: number) =>
  from === to ? `Step ${to} repeats for ever.` : `Steps ${from} to ${to} repeat for ever.`;

/** What the last step came to, and who is stuck behind it. */
function ending({ look, role }: Columns, trace: Trace): string[] {
  const { kind } = trace.ending;
  if (kind === 'returned') return [];
  const waits = trace.steps.at(-1)?.blocked ?? [];
  // A deadlock's message says who waits for whom.
  const stuck = kind === 'deadlock' ? whereTheyWait(trace) : waits.map((wait) => `${wait.task} ${waitText(wait)}`);
  const text = endingText(trace, role);
  const { repeatsFrom } = trace.ending;
  const rounds = repeatsFrom === undefined ? [] : [roundsText(repeatsFrom + 1, trace.steps.length)];
  const mark = glyph(look, role === 'found' ? 'passed' : kind === 'livelock' ? 'repeat' : 'failed');
  const lines = wrap(text, look.width - MARGIN).map((line, index) => `${index === 0 ? mark : ' '}     ${line}`);
  return [
    '',
    ...lines.map((line) => paint(look, endStyle(role), line)),
    ...[...rounds, ...stuck].flatMap((text) =>
      wrap(text, look.width - MARGIN).map((line) => ' '.repeat(MARGIN) + line),
    ),
  ];
}
