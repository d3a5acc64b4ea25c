/**
 * <fault-stepper>: walks through a trace, forwards and backwards. Either it stands around a table that the build has made, and
 * fetches the trace that `src` names; or a script gives it one (`show`), and it draws the table itself.
 *
 * Fires `fault-step` with the place it stands at, and the learner's own line there.
 */

import type { Trace } from '#explore';
import type { EndingRole } from '#grade/ending';
import { type Move, placeAfter } from '#grade/walk';
import { askedBy, controls, keysPanel } from './controls.ts';
import { html, type Markup } from './html.ts';
import { learnersLine } from './lanes.ts';
import { turnLetterKeys } from './letter-keys.ts';
import { nowMarkup, spokenStep } from './now.ts';
import { stepperBody } from './trace-table.ts';

export interface StepDetail {
  /** How many steps have been taken. */
  readonly at: number;
  readonly line: number | undefined;
}

const moment = html`<div class="now" role="group" aria-label="After this step" tabindex="0"></div><div class="keys" popover></div>`;

/** Long enough to read a row. */
const playEvery = 900;
const calm = matchMedia('(prefers-reduced-motion: reduce)');

interface ShowOptions {
  readonly at?: number;
  readonly tasks?: readonly string[];
}

/** By step: why the execution goes so. */
export type Reasons = readonly Markup[];

export class FaultStepper extends HTMLElement {
  #trace: Trace | undefined;
  #role: EndingRole = 'new';
  #tasks: readonly string[] | undefined;
  /** How many steps have been taken. */
  #at = 0;
  #reasons: Reasons = [];
  /** By the title of a page table: whether its reader has opened or folded it. */
  readonly #folds = new Map<string, boolean>();
  /** Of what plays it. */
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.addEventListener('click', (event) => this.#click(event));
    this.addEventListener('keydown', (event) => this.#key(event));
    this.addEventListener('change', ({ target }) => {
      if (target instanceof HTMLInputElement && 'letters' in target.dataset) turnLetterKeys(target.checked);
    });
  }

  connectedCallback(): void {
    const source = this.getAttribute('src');
    if (source && !this.#trace) this.#loadNearViewport(source);
  }

  disconnectedCallback(): void {
    this.#pause();
  }

  /** Shows a trace; `label` says which execution it is. `tasks`: who has a lane, unless only those who move or wait. */
  show(trace: Trace, label: string, role: EndingRole, { at = 0, tasks }: ShowOptions = {}): void {
    this.#role = role;
    this.#tasks = tasks;
    this.#reasons = [];
    this.innerHTML = stepperBody(trace, { label, role, tasks }).text;
    this.#enhance(trace, at);
  }

  /** Says at each step why it goes so, from the first on. */
  explain(reasons: Reasons): void {
    this.#reasons = reasons;
    this.#goInSight(1);
    this.querySelector<HTMLElement>('.lanes')?.focus({ preventScroll: true });
    this.#speak();
  }

  #loadNearViewport(source: string): void {
    const observer = new IntersectionObserver(
      async (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        const response = await fetch(source);
        if (response.ok) this.#enhance(await response.json());
        // Without it the table still stands there whole.
        else this.dataset.ended = '';
      },
      { rootMargin: '400px' },
    );
    observer.observe(this);
  }

  #enhance(trace: Trace, at = 0): void {
    this.#pause();
    this.#trace = trace;
    const [bar, side] = [this.querySelector('.controls'), this.querySelector('.moment')];
    if (!bar || !side) return;
    bar.innerHTML = controls.text;
    side.innerHTML = moment.text;
    this.#range.max = String(trace.steps.length);
    this.#range.addEventListener('input', () => {
      this.#pause();
      this.#goInSight(this.#range.valueAsNumber);
    });
    this.dataset.ready = '';
    this.#go(at);
    this.#scrollTo(this.querySelector('tbody')?.rows[at - 1]);
  }

  get #range(): HTMLInputElement {
    return this.querySelector('[type=range]') as HTMLInputElement;
  }

  #click(event: MouseEvent): void {
    const target = event.target as Element;
    const button = target.closest<HTMLElement>('[data-go]');
    const row = target.closest<HTMLTableRowElement>('tbody tr');
    const fold = target.closest('summary')?.parentElement as HTMLDetailsElement | null | undefined;
    // Written anew at each step: it stays as it was put.
    if (fold?.dataset.fold !== undefined) this.#folds.set(fold.dataset.fold, !fold.open);
    if (target.closest('[data-keys]')) this.#openKeys();
    else if (button?.dataset.go) this.#ask(button.dataset.go, { staysPut: true });
    // Selecting text is no click.
    else if (row && getSelection()?.isCollapsed) {
      this.#pause();
      this.#goInSight(row.sectionRowIndex + 1);
    }
  }

  #key(event: KeyboardEvent): void {
    const asked = this.#trace && askedBy(event);
    if (!asked) return;
    event.preventDefault();
    this.#ask(asked);
  }

  #openKeys(): void {
    const panel = this.querySelector<HTMLElement>('.keys');
    if (!panel) return;
    panel.innerHTML = keysPanel().text;
    panel.togglePopover();
  }

  /** `staysPut`: whoever pressed a button will press it again, so it must not go away from under the pointer. */
  #ask(what: string, { staysPut = false } = {}): void {
    const wasPlaying = this.#timer !== undefined;
    this.#pause();
    if (what !== 'play') this.#move(what as Move, staysPut);
    else if (!wasPlaying) this.#play();
    if (wasPlaying || what !== 'play') this.#speak();
  }

  #move(how: Move, staysPut: boolean): void {
    if (this.#trace) this.#goInSight(placeAfter(how, this.#at, this.#trace), staysPut);
  }

  /** The slider speaks for itself; a button or a key does not. */
  #speak(): void {
    const status = this.querySelector('[role=status]');
    if (!status || !this.#trace) return;
    const why = this.querySelector('.why')?.textContent ?? '';
    status.textContent = `${spokenStep(this.#trace, this.#at, this.#role)}${why && `. ${why}`}`;
  }

  /** Silent until it ends: nobody could listen so fast. Not for those who want little to move. */
  #play(): void {
    if (calm.matches || !this.#trace) return;
    if (this.#at === this.#trace.steps.length) this.#move('first', true);
    this.#markPlaying(true);
    this.#timer = setInterval(() => {
      if (calm.matches) return this.#pause();
      this.#move('forward', true);
      if (this.#at !== this.#trace?.steps.length) return;
      this.#pause();
      this.#speak();
    }, playEvery);
  }

  #pause(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#markPlaying(false);
  }

  #markPlaying(on: boolean): void {
    this.toggleAttribute('data-playing', on);
    this.querySelector('[data-go=play]')?.setAttribute('aria-label', on ? 'Pause' : 'Play');
  }

  #goInSight(at: number, staysPut = false): void {
    this.#comeUp();
    this.#go(at);
    const rows = this.querySelector('tbody')?.rows;
    const row = rows?.[at - 1] ?? rows?.[0];
    this.#scrollTo(row);
    if (row && !staysPut && !this.#shows(row)) this.#bringNear();
  }

  #go(at: number): void {
    const trace = this.#trace;
    if (!trace) return;
    this.#at = at;
    if (at === trace.steps.length) this.#tellEnd();
    this.#markRow(at);
    this.#range.value = String(at);
    this.#range.setAttribute('aria-valuetext', spokenStep(trace, at, this.#role));
    (this.querySelector('output') as HTMLOutputElement).value = `${at} of ${trace.steps.length}`;
    this.#drawNow(trace, at);
    const step = trace.steps[at - 1];
    const detail: StepDetail = { at, line: step && learnersLine(step) };
    this.dispatchEvent(new CustomEvent('fault-step', { detail, bubbles: true }));
  }

  #drawNow(trace: Trace, at: number): void {
    const focused = this.querySelector<HTMLElement>('[data-fold]:has(> :focus)')?.dataset.fold;
    const options = { tasks: this.#tasks, folds: this.#folds, reason: this.#reasons[at - 1] };
    (this.querySelector('.now') as HTMLElement).innerHTML = nowMarkup(trace, at, options).text;
    const all = [...this.querySelectorAll<HTMLElement>('[data-fold]')];
    if (focused !== undefined)
      all
        .find(({ dataset }) => dataset.fold === focused)
        ?.querySelector('summary')
        ?.focus({ preventScroll: true });
  }

  /** Once it has been seen, it stays. */
  #tellEnd(): void {
    this.dataset.ended = '';
    this.querySelector('.ending')?.setAttribute('open', '');
  }

  #markRow(at: number): void {
    this.querySelector('tr[aria-current]')?.removeAttribute('aria-current');
    const body = this.querySelector('tbody');
    body?.toggleAttribute('data-unstarted', at === 0);
    body?.rows[at - 1]?.setAttribute('aria-current', 'step');
  }

  /** Brings all of it into sight, or as much as there is room for, while its controls stick: they stay under the pointer. */
  #comeUp(): void {
    const controls = this.querySelector('.controls')?.getBoundingClientRect();
    const below = this.getBoundingClientRect().bottom - (controls?.bottom ?? 0);
    if (below > 2) this.#bringNear();
  }

  #bringNear(): void {
    this.scrollIntoView({ block: 'nearest', behavior: 'instant' });
  }

  /** Not where a bar lies over it, or where the window has ended. */
  #shows(row: HTMLElement): boolean {
    const { left, top } = row.getBoundingClientRect();
    return this.contains(document.elementFromPoint(left + 1, top + 1));
  }

  /** Brings a row into sight with a neighbour on either side, in the region that scrolls the table: the page must not move. */
  #scrollTo(row: HTMLElement | undefined): void {
    const lanes = this.querySelector<HTMLElement>('.lanes');
    const region = lanes && getComputedStyle(lanes).overflowY === 'visible' ? this.closest('.results') : lanes;
    if (!row || !region) return;
    const shown = region.getBoundingClientRect();
    const { top, bottom, height } = row.getBoundingClientRect();
    const head = this.querySelector('thead th')?.getBoundingClientRect().bottom ?? shown.top;
    const foot = Math.min(shown.bottom, this.#topOfWhatSticks);
    const isLast = row === row.parentElement?.lastElementChild;
    const margin = Math.max(0, Math.min(height, (foot - head - height) / 2));
    const end = isLast ? (this.querySelector('tfoot')?.getBoundingClientRect().bottom ?? bottom) : bottom + margin;
    const isTooHigh = top - margin < head || height > foot - head;
    if (isTooHigh) region.scrollTop += top - margin - head;
    else if (end > foot) region.scrollTop += end - foot;
  }

  /** Below the lanes: the controls, and in a narrow place the moment above them. */
  get #topOfWhatSticks(): number {
    const lanes = this.querySelector('.lanes')?.getBoundingClientRect();
    const tops = [...this.querySelectorAll('.moment, .controls')].map((each) => each.getBoundingClientRect());
    return Math.min(...tops.filter(({ left }) => left === lanes?.left).map(({ top }) => top));
  }
}

customElements.define('fault-stepper', FaultStepper);
