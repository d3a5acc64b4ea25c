/**
 * <fault-stepper>: walks through a trace, forwards and backwards. Either it stands around a table that the build has made, and
 * fetches the trace that `src` names; or a script gives it one (`show`), and it draws the table itself.
 *
 * Fires `fault-step` with the learner's own line at the current step.
 */

import type { Trace } from '#explore';
import type { EndingRole } from '#grade/ending';
import { html } from './html.ts';
import { learnersLine } from './lanes.ts';
import { nowMarkup, spokenStep } from './now.ts';
import { stepperBody } from './trace-table.ts';

export interface StepDetail {
  readonly line: number | undefined;
}

const controls = html`
  <button type="button" data-go="first" aria-label="First" title="First (Home)"><svg viewBox="0 0 16 16" aria-hidden="true"><path d="M4 3v10M12.5 3.5 7 8l5.5 4.5z"/></svg></button>
  <button type="button" data-go="back" aria-label="Back" title="Back (←)"><svg viewBox="0 0 16 16" aria-hidden="true"><path d="M10.5 3.5 5 8l5.5 4.5z"/></svg></button>
  <button type="button" data-go="forward" aria-label="Forward" title="Forward (→)"><svg viewBox="0 0 16 16" aria-hidden="true"><path d="M5.5 3.5 11 8l-5.5 4.5z"/></svg></button>
  <button type="button" data-go="last" aria-label="Last" title="Last (End)"><svg viewBox="0 0 16 16" aria-hidden="true"><path d="M3.5 3.5 9 8l-5.5 4.5zM12 3v10"/></svg></button>
  <input type="range" min="0" value="0" step="1" aria-label="Step">
  <output></output>
  <p class="visually-hidden" role="status"></p>`;

const moment = html`<div class="now" role="group" aria-label="After this step" tabindex="0"></div>`;

/** What a key does. */
const keys: Readonly<Record<string, string>> = {
  ArrowRight: 'forward',
  ArrowDown: 'forward',
  ArrowLeft: 'back',
  ArrowUp: 'back',
  Home: 'first',
  End: 'last',
};

export class FaultStepper extends HTMLElement {
  #trace: Trace | undefined;
  #role: EndingRole = 'new';
  /** How many steps have been taken. */
  #at = 0;

  connectedCallback(): void {
    const source = this.getAttribute('src');
    if (source && !this.#trace) this.#loadNearViewport(source);
  }

  /** Shows a trace from its beginning; `label` says which execution it is. */
  show(trace: Trace, label: string, role: EndingRole): void {
    this.#role = role;
    this.innerHTML = stepperBody(trace, { label, role }).text;
    this.#enhance(trace);
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

  #enhance(trace: Trace): void {
    this.#trace = trace;
    const [bar, side] = [this.querySelector('.controls'), this.querySelector('.moment')];
    if (!bar || !side) return;
    bar.innerHTML = controls.text;
    side.innerHTML = moment.text;
    this.#range.max = String(trace.steps.length);
    this.#range.addEventListener('input', () => this.#goInSight(this.#range.valueAsNumber));
    this.addEventListener('click', (event) => this.#click(event));
    this.addEventListener('keydown', (event) => this.#key(event));
    this.dataset.ready = '';
    this.#go(0);
  }

  get #range(): HTMLInputElement {
    return this.querySelector('input') as HTMLInputElement;
  }

  #click(event: MouseEvent): void {
    const target = event.target as Element;
    const button = target.closest<HTMLElement>('[data-go]');
    const row = target.closest<HTMLElement>('tr[data-step]');
    if (button?.dataset.go) this.#move(button.dataset.go, { staysPut: true });
    // Selecting text is no click.
    else if (row && getSelection()?.isCollapsed) this.#goInSight(Number(row.dataset.step));
  }

  #key(event: KeyboardEvent): void {
    const move = keys[event.key];
    const plain = !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    // The slider has keys of its own, and what is said of the moment can be scrolled.
    const isTheirs = (event.target as Element).matches('input, .now');
    if (!move || !plain || isTheirs) return;
    event.preventDefault();
    this.#move(move);
  }

  /** `staysPut`: whoever pressed a button will press it again, so it must not go away from under the pointer. */
  #move(how: string, { staysPut = false } = {}): void {
    const last = this.#trace?.steps.length ?? 0;
    const to = { first: 0, back: this.#at - 1, forward: this.#at + 1, last }[how];
    if (to === undefined) return;
    this.#goInSight(Math.min(Math.max(to, 0), last), staysPut);
    // The slider speaks for itself; a button or a key does not.
    const status = this.querySelector('[role=status]');
    if (status && this.#trace) status.textContent = spokenStep(this.#trace, this.#at, this.#role);
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
    (this.querySelector('.now') as HTMLElement).innerHTML = nowMarkup(trace, at).text;
    const step = trace.steps[at - 1];
    const detail: StepDetail = { line: step && learnersLine(step) };
    this.dispatchEvent(new CustomEvent('fault-step', { detail, bubbles: true }));
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
