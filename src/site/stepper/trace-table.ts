/** A trace as a table: what is drawn, what a screen reader reads and what a page without scripts shows are one and the same. */

import type { Ending, Frame, Trace, TraceEvent } from '#explore';
import { type EndingRole, whereTheyWait } from '#grade/ending';
import { html, type Markup } from './html.ts';
import { type Cell, type Lanes, lanesOf, type Rail, type Row, type Wait } from './lanes.ts';
import { showsMachine } from './picture.ts';

export interface BodyOptions {
  /** Which execution it is. */
  readonly label: string;
  /** How it ends stays folded until the last step, for those who are to find out. */
  readonly foldsEnd?: boolean;
  /** What its end is to its reader. */
  readonly role?: EndingRole;
  /** Who has a lane; whoever moves or waits, unless given. */
  readonly tasks?: readonly string[] | undefined;
}

/** What stands inside a <fault-stepper>: the table, and the places of what its script adds. */
export const stepperBody = (trace: Trace, options: BodyOptions): Markup =>
  html`<div class="sides">${traceTable(trace, options)}<div class="moment${!showsMachine(trace.picture) && ' small'}"></div></div><div class="controls"></div>`;

/** The table, in a region of its own that scrolls. */
function traceTable(trace: Trace, { label, foldsEnd = false, role = 'new', tasks }: BodyOptions): Markup {
  const lanes = lanesOf(trace, tasks);
  const { kind } = trace.ending;
  const isGood = role === 'found' || kind === 'returned' || kind === 'unfinished';
  const end = html`<tr class="${isGood ? 'ended' : 'failed'}"><td></td><td colspan="${lanes.tasks.length}">${endingMarkup(endingText(trace, role), foldsEnd)}</td></tr>`;
  return html`<div class="lanes" translate="no" role="group" aria-label="${label}" tabindex="0"><table>
    <thead><tr><th scope="col"><span class="visually-hidden">Step</span></th>${lanes.tasks.map(laneHead)}</tr></thead>
    <tbody>${lanes.rows.map((row) => tableRow(row, lanes, !isGood && isFatal(row, trace)))}</tbody>
    <tfoot>${kind !== 'unfinished' && end}</tfoot>
  </table></div>`;
}

const endingMarkup = (text: string, folds: boolean): Markup =>
  folds ? html`<details class="ending"><summary>How it ends</summary><p>${text}</p></details>` : html`${text}`;

const laneHead = (task: string, lane: number): Markup =>
  html`<th scope="col" class="lane cpu-${lane}"><span class="cpu">${task}</span></th>`;

const isFatal = (row: Row, { steps, ending: { kind } }: Trace): boolean =>
  row.number === steps.length && kind !== 'check';

function tableRow(row: Row, lanes: Lanes, fatal: boolean): Markup {
  const cells = row.cells.map((cell, lane) => {
    const mine = lane === row.lane;
    const classes = [
      'lane',
      `cpu-${lane}`,
      `rails-${lanes.rails[lane] ?? 0}`,
      mine && 'runs',
      cell.wait && 'waits',
      ...switchClasses(row, lane),
    ];
    return html`<td class="${classes.filter(Boolean).join(' ')}">${rails(cell)}${
      mine ? step(row) : cell.wait?.begins && waiting(cell.wait)
    }</td>`;
  });
  return html`<tr${fatal && html` class="fatal"`}><th scope="row">${row.number}</th>${cells}</tr>`;
}

/** A switch is drawn along the top of the row, from the lane that ran to the lane that runs. */
function switchClasses(row: Row, lane: number): string[] {
  if (row.from === undefined) return [];
  const [left, right] = row.from < row.lane ? [row.from, row.lane] : [row.lane, row.from];
  if (lane < left || lane > right) return [];
  const part = lane === left ? 'leftmost' : lane === right ? 'rightmost' : 'between';
  return [`switch-${part}`, ...(lane === row.lane ? ['switch-to'] : [])];
}

const rails = ({ rails }: Cell): Markup => html`<span class="rails" aria-hidden="true">${rails.map(rail)}</span>`;

const rail = (of: Rail | undefined, place: number): Markup | undefined =>
  of && html`<i class="rail ${of.part} place-${place}" title="${of.lock}"></i>`;

function step(row: Row): Markup {
  const { step, enters, line } = row;
  const events = step.plain.filter((event) => !isDetail(event));
  return html`${switchNote(row)}${enters && functionNote(enters)}<span class="node" aria-hidden="true"></span>
    ${plain(events.filter((event) => event.before))}${step.operation && operation(step.operation, step.result)}${
      line !== undefined && html` <span class="line">line ${line}</span>`
    }${plain(events.filter((event) => !event.before))}`;
}

/** The kernel's own plain accesses to fields and links, and what the machine does by itself: told of the current step alone. */
const isDetail = ({ operation, stack }: TraceEvent): boolean =>
  /^(?:access|not freed)\(/.test(operation) ||
  (/^(?:get|set|is listed)\(/.test(operation) && stack[0]?.file !== undefined);

function switchNote({ step, from }: Row): Markup | undefined {
  if (from === undefined) return undefined;
  const why = step.switched === 'preemption' ? 'preempts: the other one could have gone on' : 'switch';
  return html`<span class="visually-hidden">(${why})</span>`;
}

const functionNote = ({ function: name, file }: Frame): Markup =>
  html`<span class="in"><span class="visually-hidden">in </span>${breakable(name)}${file && html`<span class="file"> ${file}</span>`}</span>`;

export const operation = (text: string, result: string | undefined): Markup =>
  html`<code class="op">${breakable(text)}</code>${result !== undefined && html` <span class="result">→\u00a0<code>${result}</code></span>`}`;

/** Lanes are narrow and names of the kernel are long: a line may break before an argument, and within very long names. */
const breakable = (text: string): Markup =>
  html`${text.split(/(?<=\()|(?<=\w{12}_)(?=\w{4})/).map((part, at) => html`${at > 0 && html`<wbr>`}${part}`)}`;

/** What a step did that is no scheduling point. */
export const plain = (events: readonly TraceEvent[]): Markup | undefined =>
  events.length > 0
    ? html`<ul class="plain">${events.map((event) => html`<li>${operation(event.operation, event.result)}</li>`)}</ul>`
    : undefined;

const waiting = ({ lock, heldBy, behind = [] }: Wait): Markup => {
  const holders = heldBy.length > 0 && html`<span class="held-by">, held by ${heldBy.join(', ')}</span>`;
  const first = behind.length > 0 && html`<span class="held-by">, behind ${behind.join(', ')}</span>`;
  return html`<span class="wait">waits for <code>${lock}</code>${holders}${first}</span>`;
};

const endings: Partial<Record<Ending['kind'], string>> = {
  returned: 'All tasks have returned.',
  unfinished: 'It is not over.',
  bug: 'BUG',
  warning: 'WARNING',
};

/** As a sentence begins with it. */
export const kindName = (kind: Ending['kind']): string => endings[kind] ?? kind.charAt(0).toUpperCase() + kind.slice(1);

/** How it ended, in a sentence. */
export function endingText(trace: Trace, role: EndingRole = 'new'): string {
  const { ending, steps } = trace;
  const { kind, message, repeatsFrom } = ending;
  const name = kindName(kind);
  const waits = whereTheyWait(trace)
    .map((each) => `. ${each.replace(/\.$/, '')}`)
    .join('');
  const again = repeatsFrom === undefined ? waits : `. Steps ${repeatsFrom + 1} to ${steps.length} repeat for ever.`;
  if (role === 'told') return `${name}, as told above${again}`;
  const told = message ? `${name}: ${message}` : name;
  return `${role === 'found' ? `Found: ${kind === 'check' ? message : told}` : told}${again}`;
}
