/** The step that a stepper stands at: what it does, what the machine then looks like, and in which functions it stands. */

import type { Frame, Trace, TraceStep } from '#explore';
import type { EndingRole } from '#grade/ending';
import { html, type Markup } from './html.ts';
import { tasksOf } from './lanes.ts';
import { type Moment, pictureMarkup } from './picture.ts';
import { touchedIn } from './touched.ts';
import { endingText, operation, plain } from './trace-table.ts';
import { writersBy } from './writers.ts';

interface NowOptions {
  /** Whose lanes there are; whoever moves or waits, unless given. */
  readonly tasks?: readonly string[] | undefined;
  /** By the title of a page table: whether its reader has opened or folded it. */
  readonly folds?: ReadonlyMap<string, boolean> | undefined;
  /** Why the step goes so. */
  readonly reason?: Markup | undefined;
}

/** `at`: how many steps have been taken. */
export function nowMarkup(
  trace: Trace,
  at: number,
  { tasks = tasksOf(trace), folds, reason }: NowOptions = {},
): Markup {
  const step = trace.steps[at - 1];
  const now = { ...momentOf(trace, at), tasks, writers: writersBy(trace, at), ...(folds && { folds }) };
  const picture = pictureMarkup(now, at > 0 ? momentOf(trace, at - 1) : undefined);
  const lane = step ? tasks.indexOf(step.task) : 0;
  return html`<p class="what">${step ? whatMarkup(step, lane) : 'Before the first step.'}</p>${reason && html`<p class="why">${reason}</p>`}
    <div class="picture">${picture}</div>${step && contextMarkup(step)}`;
}

/** The same in one line, for a slider's value. */
export function spokenStep(trace: Trace, at: number, role: EndingRole): string {
  const step = trace.steps[at - 1];
  const where = `${at} of ${trace.steps.length}`;
  if (!step) return where;
  const isEnd = at === trace.steps.length && trace.ending.kind !== 'unfinished';
  const how = isEnd ? `. ${endingText(trace, role)}` : '';
  return `${where}, ${step.task}: ${step.operation}${step.result === undefined ? '' : `, ${step.result}`}${how}`;
}

function momentOf(trace: Trace, at: number): Moment {
  const { picture, blocked = [] } = trace.steps[at - 1] ?? { picture: trace.picture };
  return { picture, waits: blocked, touched: touchedIn(trace) };
}

const whatMarkup = ({ task, operation: text, result }: TraceStep, lane: number): Markup =>
  html`<span class="cpu cpu-${lane}">${task}</span> ${text ? operation(text, result) : 'runs'}`;

function contextMarkup({ plain: events, stack, locks }: TraceStep): Markup {
  return html`<div class="context">${events.length > 0 && html`<p class="title">With it, in the same step</p>${plain(events)}`}
    ${stack.length > 0 && html`<p class="title">Called from</p><ol class="stack">${stack.map((frame) => html`<li>${frameMarkup(frame)}</li>`)}</ol>`}
    <p class="held">${locks.length > 0 ? html`Holds ${locks.map((lock, at) => html`${at > 0 && ', '}<code>${lock}</code>`)}.` : 'Holds no lock.'}</p></div>`;
}

const frameMarkup = ({ function: name, line, file }: Frame): Markup =>
  html`<code translate="no"${file && html` title="${file}"`}>${name}</code>${line !== undefined && html` <span class="line">line ${line}</span>`}`;
