/** What the room's page draws: a picture for each exercise, what could not be read, a tally by hand. */

import type { State } from '#course/gauge/code';
import type { Gauged } from '#course/gauge/gauged';
import type { Piece } from '#course/gauge/pieces';
import type { CheckCount, Picture, Room } from '#course/gauge/room';
import { toldBy, whyNot } from '#course/gauge/words';
import { lessonAddress } from '../links.ts';
import { html, type Markup } from '../stepper/html.ts';
import { codeInText } from '../workbench/markdown.ts';

/** Passed first, so that bars can be compared from the left. */
const order: readonly State[] = ['passed', 'failed', 'undecided', 'hung', 'not run'];

export const picturesMarkup = (pictures: readonly Picture[]): Markup => html`${pictures.map(pictureMarkup)}`;

function pictureMarkup({ exercise, sent, done, broken, checks, misconceptions }: Picture): Markup {
  const stages = [...new Set(checks.map(({ stage }) => stage))].sort((a, b) => a - b);
  return html`<section class="picture" aria-labelledby="room-${exercise.id}">
    <h2 id="room-${exercise.id}"><a href="${lessonAddress(exercise.id)}">${exercise.title}</a></h2>
    <p class="sum"><strong>${done}</strong> of <strong>${sent.length}</strong> done${broken > 0 && html`, <strong>${broken}</strong> not compiling`}</p>
    ${stages.map(
      (stage) => html`${stages.length > 1 && html`<h3 class="label">Stage ${stage}</h3>`}
        <ul class="checks">${checks.filter((check) => check.stage === stage).map((check) => checkMarkup(check, sent.length))}</ul>`,
    )}
    ${misconceptions.length > 0 && html`<h3 class="label">What they may believe</h3><ul class="beliefs">${misconceptions.map(beliefMarkup)}</ul>`}
    <details data-key="sent ${exercise.id}"><summary>${sent.length === 1 ? 'The code' : `The ${sent.length} codes`}</summary>
      <ul class="sent">${sent.map(({ code, report }) => sentMarkup(code, codeInText(toldBy(report, exercise))))}</ul></details>
  </section>`;
}

function checkMarkup({ name, counts }: CheckCount, all: number): Markup {
  const told = order
    .filter((state) => counts[state] > 0 && state !== 'passed')
    .map((state) => `${counts[state]} ${state}`);
  return html`<li><span class="name">${name}</span> <span class="counts"><strong>${counts.passed}</strong> of ${all} passed${told.length > 0 && `, ${told.join(', ')}`}</span>${barMarkup(counts, all)}</li>`;
}

/** Only what the numbers beside it say. */
function barMarkup(counts: CheckCount['counts'], all: number): Markup {
  let at = 0;
  const parts = order.map((state) => {
    const [x, width] = [at, counts[state]];
    at += width;
    return width > 0 && html`<rect class="${state.replace(' ', '-')}" x="${x}" width="${width}" height="1"/>`;
  });
  return html`<svg class="bar" viewBox="0 0 ${all} 1" preserveAspectRatio="none" aria-hidden="true">${parts}</svg>`;
}

/** What to say is in the page already (room.astro), and moves here when it is opened. */
const beliefMarkup = ({ id, belief, count }: Picture['misconceptions'][number]): Markup =>
  html`<li><strong class="count">${count} ×</strong> <details data-key="belief ${id}" data-belief="${id}"><summary>${codeInText(belief)} <span class="aside">What to say then</span></summary><div></div></details></li>`;

const sentMarkup = (code: string, told: Markup): Markup =>
  html`<li><span class="code" translate="no">${code}</span> <span>${told}</span> <button type="button" data-do="forget" data-code="${code}" data-key="forget ${code}" aria-label="Forget ${code}">Forget</button></li>`;

/** What was typed and is no code, with what may have been meant. */
export const problemsMarkup = (pieces: readonly Piece[]): Markup => html`${pieces.map(problemMarkup)}`;

function problemMarkup({ text, reading }: Piece): Markup {
  if (reading.is === 'report') return html``;
  const meant = reading.is === 'slip' ? reading.meant : [];
  return html`<li><span class="code" translate="no">${text}</span> <span>${whyNot(reading)}</span>${meant.map(
    (code) =>
      html` <button type="button" data-do="meant" data-typed="${text}" data-code="${code}">It was ${code}</button>`,
  )}</li>`;
}

/** Stage by stage, how many have their hands up. */
export function tallyMarkup({ id, checks }: Gauged, tally: Room['tally']): Markup {
  const stages = [...new Set(checks.map(({ stage }) => stage))].sort((a, b) => a - b);
  const counts = stages.map((stage) => tally[id]?.[stage] ?? 0);
  const most = Math.max(1, ...counts);
  return html`<ul class="tally">${stages.map((stage, at) => {
    const names = checks.filter((check) => check.stage === stage).map(({ name }) => name);
    const act = (by: number, sign: string, words: string) =>
      html`<button type="button" data-do="tally" data-stage="${stage}" data-by="${by}" data-key="tally ${stage} ${by}" aria-label="${words} has passed stage ${stage}">${sign}</button>`;
    const count = counts[at] ?? 0;
    return html`<li><span class="name"><strong>Stage ${stage}</strong> ${names.join(' · ')}</span>
      <span class="hands">${act(-1, '−', 'One fewer')} <output>${count}</output> ${act(1, '+', 'One more')}</span>
      <svg class="bar" viewBox="0 0 ${most} 1" preserveAspectRatio="none" aria-hidden="true"><rect class="passed" width="${count}" height="1"/></svg></li>`;
  })}</ul>`;
}
