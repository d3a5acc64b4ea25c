/** The divider between lesson and workbench, where they stand side by side: dragged, moved by keys, or by two buttons. */

import { benchShareKey } from '../keys.ts';
import { afterKey, type Limits, limitsIn, step, within } from './bench-share.ts';

const arrow = (path: string): string => `<svg viewBox="0 0 16 16" aria-hidden="true"><path d="${path}"/></svg>`;

/** Left and right are those of the screen: the left one makes the workbench wider. */
const markup = `
  <div role="separator" tabindex="0" aria-orientation="vertical" aria-controls="workbench" aria-label="Width of the workbench"></div>
  <div class="widths">
    <button type="button" data-by="${step}" aria-label="Wider workbench" title="Wider workbench">${arrow('M10 3 5 8l5 5')}</button>
    <button type="button" data-by="-${step}" aria-label="Narrower workbench" title="Narrower workbench">${arrow('m6 3 5 5-5 5')}</button>
  </div>`;

export class Divider {
  readonly #root = document.documentElement;
  readonly #bench: HTMLElement;
  readonly #separator: HTMLElement;
  /** The share that was there when a drag began, and how far from the divider's place the pointer took hold of it. */
  #drag: { readonly share: number; readonly offset: number } | undefined;

  constructor(bench: HTMLElement) {
    this.#bench = bench;
    const place = document.createElement('div');
    place.className = 'bench-divider screen-only';
    place.innerHTML = markup;
    // Before it: whoever skips to the workbench is past it.
    bench.before(place);
    this.#separator = place.querySelector<HTMLElement>('[role=separator]') as HTMLElement;
    this.#listen(place);
    this.#tell();
  }

  get #share(): number {
    return (100 * this.#bench.getBoundingClientRect().width) / this.#root.clientWidth;
  }

  get #limits(): Limits {
    return limitsIn(this.#root.clientWidth, Number.parseFloat(getComputedStyle(this.#root).fontSize));
  }

  #listen(place: HTMLElement): void {
    const separator = this.#separator;
    separator.addEventListener('keydown', (event) => this.#pressed(event));
    separator.addEventListener('dblclick', () => this.#reset());
    separator.addEventListener('pointerdown', (event) => this.#take(event));
    separator.addEventListener('pointermove', (event) => this.#move(event));
    separator.addEventListener('pointerup', () => this.#letGo(true));
    separator.addEventListener('pointercancel', () => this.#letGo(false));
    place.addEventListener('click', (event) => {
      const by = (event.target as Element).closest<HTMLElement>('[data-by]')?.dataset.by;
      if (by) this.#remember(within(this.#share + Number(by), this.#limits));
    });
    addEventListener('resize', () => this.#tell());
  }

  #pressed(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key === 'Escape') this.#letGo(false);
    const share = afterKey(event.key, this.#share, this.#limits);
    if (share === undefined) return;
    event.preventDefault();
    this.#remember(share);
  }

  #take(event: PointerEvent): void {
    if (event.button !== 0) return;
    // Else the pointer would mark text on its way.
    event.preventDefault();
    this.#separator.focus({ preventScroll: true });
    this.#separator.setPointerCapture(event.pointerId);
    this.#drag = { share: this.#share, offset: this.#bench.getBoundingClientRect().left - event.clientX };
  }

  #move({ clientX }: PointerEvent): void {
    if (!this.#drag) return;
    const left = clientX + this.#drag.offset;
    const { clientWidth } = this.#root;
    this.#set(within((100 * (clientWidth - left)) / clientWidth, this.#limits));
  }

  /** `kept`: not where the drag was broken off. */
  #letGo(kept: boolean): void {
    if (!this.#drag) return;
    const { share } = this.#drag;
    this.#drag = undefined;
    // A click is no drag: what nobody has moved, no width need be remembered of.
    if (!kept) this.#set(share);
    else if (Math.abs(share - this.#share) > 0.1) this.#remember(this.#share);
  }

  #remember(share: number): void {
    this.#set(share);
    try {
      localStorage.setItem(benchShareKey, String(within(share, this.#limits)));
    } catch {
      // Storage is forbidden or full: the width lasts as long as the page.
    }
  }

  #reset(): void {
    this.#root.style.removeProperty('--bench-share');
    try {
      localStorage.removeItem(benchShareKey);
    } catch {
      // Nothing can be stored here, so nothing was.
    }
    this.#tell();
  }

  #set(share: number): void {
    this.#root.style.setProperty('--bench-share', `${share}%`);
    this.#tell();
  }

  #tell(): void {
    const { least, most } = this.#limits;
    const share = Math.round(this.#share);
    const values = { valuemin: Math.floor(least), valuemax: Math.ceil(most), valuenow: share };
    for (const [name, value] of Object.entries(values)) this.#separator.setAttribute(`aria-${name}`, String(value));
    this.#separator.setAttribute('aria-valuetext', `${share} % of the window`);
  }
}
