/** What stands above the stepper while one schedules: whose turn it may be, what it has cost, and how it ended. */

import type { Position, Wait } from '#explore';
import { html, type Markup } from '../stepper/html.ts';
import type { Best } from './best-scores.ts';
import { compareCost, type Goal, type Score, type Standing } from './game.ts';

export interface Shown {
  readonly position: Position;
  readonly at: number;
  readonly standing: Standing;
  readonly goal: Goal;
  readonly best: Best | undefined;
  /** What the checker's shortest way costs. */
  readonly shortest: Score;
}

/** What a game consists of before it has begun. */
export const gameMarkup = (
  goal: Goal,
): Markup => html`<ul class="cpus" data-part="cpus" aria-label="Who moves next"></ul>
  <p class="end" data-part="end"></p>
  <p class="scores" data-part="scores"></p>
  <fault-stepper data-part="stepper"></fault-stepper>
  <p class="act">
    <button type="button" class="quiet" data-do="undo" data-part="undo">Undo</button>
    <button type="button" class="quiet" data-do="restart">Start over</button>
    <button type="button" class="quiet" data-do="best" data-part="best" hidden>Open your best</button>
    ${goal !== 'holds' && html`<button type="button" class="quiet" data-do="compare">Compare with the checker’s shortest</button>`}
  </p>
  <div data-part="log"></div>
  <p class="keys-told">Keys, while the focus is in here: a CPU’s letter moves it, with Shift as far as it can; <kbd>u</kbd> undoes. “?” turns letters off.</p>
  <fault-stepper data-part="compared" hidden></fault-stepper>
  <p class="visually-hidden" role="status" data-part="spoken"></p>`;

/** One row for each CPU: buttons where it can move, or else why it cannot. */
export function cpusMarkup({ position, at, standing }: Shown): Markup {
  const { tasks = [], steps } = position.trace;
  const waits = steps[at - 1]?.blocked ?? [];
  return html`${tasks.map((task, lane) => {
    const choice = standing.choices.find((each) => each.task === task);
    const wait = waits.find((each) => each.task === task);
    const moves = choice && moveMarkup(task, choice.operation);
    return html`<li class="cpu-${lane}"><span class="cpu" aria-hidden="true">${task}</span> ${moves ?? idle(task, wait, standing)}</li>`;
  })}`;
}

const moveMarkup = (task: string, operation: string): Markup =>
  html`<button type="button" class="move" data-move="${task}" title="${task} moves (${task.toLowerCase()})"><span class="visually-hidden">${task} moves: </span><code>${operation || 'runs to its end'}</code></button>
  <button type="button" class="on" data-on="${task}" title="${task} goes on until it cannot (Shift+${task.toLowerCase()})"><span class="visually-hidden">${task} goes </span>on</button>`;

function idle(task: string, wait: Wait | undefined, { state }: Standing): Markup {
  if (wait) return html`<span class="idle"><span class="visually-hidden">${task} </span>${waitText(wait)}</span>`;
  return html`<span class="idle"><span class="visually-hidden">${task} </span>${state === 'open' ? 'has ended' : 'stands still'}</span>`;
}

/** `waits for vma_lock, held by A` */
export function waitText({ lock, heldBy, behind = [] }: Wait): string {
  const held = heldBy.length > 0 ? `, held by ${heldBy.join(', ')}` : '';
  return `waits for ${lock}${held}${behind.length > 0 ? `, behind ${behind.join(', ')}` : ''}`;
}

const counted = (count: number, one: string): string =>
  `${count} ${one}${count === 1 ? '' : 's'}`.replace('switchs', 'switches');

export const scoreText = ({ preemptions, switches, steps }: Score): string =>
  `${counted(preemptions, 'preemption')}, ${counted(switches, 'switch')}, ${counted(steps, 'step')}`;

export const scoresMarkup = ({ standing, best }: Shown): Markup =>
  html`<span>So far: ${scoreText(standing.score)}.</span> ${best && html`<span>Your best: ${scoreText(best.score)}.</span>`}`;

/** How it ended, in a sentence or two; while it goes on, what is asked. */
export function endText({ standing, position, goal, shortest, at }: Shown): string {
  const { state, score } = standing;
  if (state === 'open') return `Who makes step ${at + 1}?`;
  if (state === 'over') return 'It is over, and that is not what was to be reached. Go back and choose again.';
  if (goal === 'holds') return `It held, with ${counted(score.switches, 'switch')}. So it does in every interleaving.`;
  const found = position.found.find((each) => each.steps <= at && each.kind === goal);
  const told = `Reached: ${found?.message ?? goal}.`;
  const order = compareCost(score, shortest);
  if (order === 0) return `${told} No way is shorter: the checker has looked at all of them.`;
  return `${told} The checker knows a shorter way.`;
}

/** The last step, who waits now, and what is asked or has been reached: for the ear. */
export function spokenText(shown: Shown): string {
  const step = shown.position.trace.steps[shown.at - 1];
  const told = step && `${step.task}: ${step.operation}${step.result === undefined ? '' : `, ${step.result}`}`;
  const waits = step?.blocked.map((wait) => `${wait.task} ${waitText(wait)}`) ?? [];
  return [told, ...waits, endText(shown)].filter(Boolean).join('. ');
}
