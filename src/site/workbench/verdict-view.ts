/** A verdict, stage by stage: the first check that did not pass is open and says what happened, why, and where to read. */

import { exploredText, tellsStates } from '#grade/explored';
import { ownRaceId } from '#grade/own-race-id';
import { say } from '#grade/texts';
import type { Variant } from '#grade/variants';
import type { Check, SourceError, Status, Verdict } from '#grade/verdict';
import { html, type Markup } from '../stepper/html.ts';
import type { Act } from './further.ts';
import { kernelLogMarkup } from './kernel-log.ts';
import { codeInText, markdown, type ResolveLink } from './markdown.ts';

const headings: Readonly<Record<Verdict['outcome'], string>> = {
  passed: 'Passed',
  failed: 'Not yet',
  broken: 'It does not compile',
  stopped: 'Stopped',
};

/** Each status has a shape of its own: colour only repeats it. */
const shapes: Readonly<Record<Status, string>> = {
  passed: 'M4 8.5 7 11.5 12.5 5',
  failed: 'm4.5 4.5 7 7m0-7-7 7',
  hung: 'M5 3.5h6L5 12.5h6z',
  undecided: 'M5.5 6a2.5 2.5 0 1 1 3.6 2.2C8.3 8.6 8 9 8 9.8m0 2.3v.1',
  'not run': 'M4.5 8h7',
};

export function verdictMarkup(verdict: Verdict, resolve: ResolveLink, variant: Variant = 'usual'): Markup {
  const { outcome, errors, checks } = verdict;
  const open =
    checks.find(({ status }) => status !== 'passed' && status !== 'not run') ??
    checks.findLast((check) => check.trace) ??
    checks.find((check) => check.message);
  // What went wrong is to be in sight at once: of what went well before it, one line is.
  const before = outcome === 'failed' && open ? checks.indexOf(open) : 0;
  const [passed, rest] = before > 1 ? [checks.slice(0, before), checks.slice(before)] : [[], checks];
  const isStaged = new Set(checks.map(({ stage }) => stage)).size > 1;
  const listed = (some: readonly Check[]) => stagesMarkup(some, isStaged, open, resolve);
  return html`<h3 class="outcome ${outcome}">${headingOf(verdict)}${variant !== 'usual' && ` in a ${variant} world`}<span>${summaryOf(verdict)}</span></h3>
    ${outcome === 'passed' && !isOwn(verdict) && html`<div class="onward"><p>Read on: <a href="#what-you-proved">What you proved</a></p></div>`}
    ${errors.length > 0 && html`<ul class="errors">${errors.map(errorMarkup)}</ul>`}
    ${
      passed.length > 0 &&
      html`<details class="before passed"><summary>${statusMark('passed')}<span class="name">${passed.length} checks before</span>
      <span class="status">passed</span></summary>${listed(passed)}</details>`
    }
    ${listed(rest)}
    ${tellsStates(verdict) && html`<p class="counted">${say('states counted').text}</p>`}
    ${furtherMarkup(verdict, variant)}`;
}

function stagesMarkup(
  checks: readonly Check[],
  isStaged: boolean,
  open: Check | undefined,
  resolve: ResolveLink,
): Markup {
  const stages = [...new Set(checks.map(({ stage }) => stage))].sort((a, b) => a - b);
  return html`${stages.map(
    (stage) => html`<section class="stage">${isStaged && html`<h4 class="label">Stage ${stage}</h4>`}
      <ul class="checks">${checks
        .filter((check) => check.stage === stage)
        .map((check) => html`<li>${checkMarkup(check, check === open, resolve)}</li>`)}</ul></section>`,
  )}`;
}

/** A program that belongs to no exercise is not an answer: it holds, or it does not. */
const isOwn = ({ exercise }: Verdict): boolean => exercise === ownRaceId;

function headingOf(verdict: Verdict): string {
  const [check] = verdict.checks;
  if (!isOwn(verdict) || !check) return headings[verdict.outcome];
  if (check.status === 'passed') return 'It holds';
  if (check.status === 'undecided') return 'Undecided';
  return check.trace ? 'It breaks' : headings[verdict.outcome];
}

/** What can be done with it: further.ts does it. */
function furtherMarkup(verdict: Verdict, variant: Variant): Markup {
  const act = (does: Act, text: string) => html`<button type="button" class="quiet" data-do="${does}">${text}</button>`;
  const outcome = isOwn(verdict) ? undefined : verdict.outcome;
  return html`<p class="further">${outcome === 'passed' && variant !== 'harder' && act('harder', 'Try it in a harder world')}
    ${variant !== 'usual' && act('usual', 'Back to the usual worlds')}
    ${outcome === 'failed' && act('appeal', 'I think my answer is right')}
    ${act('share', 'Copy a link to this')}
    ${variant !== 'harder' && !isOwn(verdict) && act('room', 'Code for the room')}</p><div class="further-said" data-part="further" tabindex="-1"></div>`;
}

/** The outcome in one line. */
export function summaryOf(verdict: Verdict): string {
  const { outcome, errors, checks } = verdict;
  const passed = checks.filter(({ status }) => status === 'passed').length;
  if (outcome === 'broken') return errors.length === 1 ? '1 error' : `${errors.length} errors`;
  if (isOwn(verdict)) return ownSummary(verdict);
  if (outcome === 'passed') return checks.length === 1 ? 'the check' : `all ${checks.length} checks`;
  return `${passed} of ${checks.length} checks passed`;
}

function ownSummary({ checks: [check] }: Verdict): string {
  if (check?.status === 'passed') return 'in every interleaving';
  if (check?.status === 'undecided') return 'the search gave up';
  return check?.trace ? 'in some interleaving' : 'nothing was explored';
}

const errorMarkup = ({ line, column, message }: SourceError): Markup =>
  html`<li><button type="button" data-line="${line}">line ${line}${column !== undefined && `:${column}`}</button> ${codeInText(message.text)}</li>`;

function checkMarkup(check: Check, open: boolean, resolve: ResolveLink): Markup {
  const explored = exploredText(check);
  const head = html`${statusMark(check.status)}<span class="name">${check.name}</span>
    <span class="status">${check.status}${explored && html`, <span class="explored">${explored}</span>`}</span>`;
  if (!check.message && !check.trace) return html`<div class="check ${slug(check)}">${head}</div>`;
  const belief = check.misconception !== undefined && html` data-misconception="${check.misconception}"`;
  return html`<details class="check ${slug(check)}" data-check="${check.id}"${belief}${open && html` open`}>
    <summary>${head}</summary><div class="found">${findingMarkup(check, resolve)}</div></details>`;
}

/** What happened, why, and then the execution in which one can see it. `lesson` is a link that stands in `because`. */
function findingMarkup({ message, native, because, trace }: Check, resolve: ResolveLink): Markup {
  return html`${message && html`<p class="happened">${codeInText(message.text)}</p>`}
    ${native !== undefined && html`<pre tabindex="0"><code>${native}</code></pre>`}
    ${because !== undefined && html`<div class="because">${markdown(because, resolve)}</div>`}
    ${trace && html`<fault-stepper></fault-stepper><p class="schedule">${trace.steps.length} steps: <code>${trace.schedule}</code></p>`}
    ${trace && kernelLogMarkup(trace)}`;
}

const slug = ({ status }: Check): string => status.replace(' ', '-');

const statusMark = (status: Status): Markup =>
  html`<svg class="mark" viewBox="0 0 16 16" aria-hidden="true"><path d="${shapes[status]}"/></svg>`;
