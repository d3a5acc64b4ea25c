/** The slides of a page, one of them in sight; and what goes on within each. */

import type { FaultStepper } from '../stepper/stepper.ts';
import { Execution } from './inside/execution.ts';
import { Game } from './inside/game.ts';
import type { Changed, Inside } from './inside/inside.ts';
import { PredictionAsked } from './inside/prediction.ts';

export class Deck {
  readonly slides: readonly HTMLElement[];
  readonly #insides: readonly (Inside | undefined)[];
  #at = 0;

  /** `changed`: something within the slide that is in sight has moved on. */
  constructor(root: ParentNode, changed: Changed) {
    this.slides = [...root.querySelectorAll<HTMLElement>('.slide')];
    this.#insides = this.slides.map((slide, at) => insideOf(slide, () => at === this.#at && changed()));
  }

  /** Which slide is in sight, from 0. */
  get at(): number {
    return this.#at;
  }

  get slide(): HTMLElement | undefined {
    return this.slides[this.#at];
  }

  get inside(): Inside | undefined {
    return this.#insides[this.#at];
  }

  /** The focus goes along, if it would be out of sight. */
  show(wanted: number): void {
    const at = Math.max(0, Math.min(wanted, this.slides.length - 1));
    if (at !== this.#at) this.inside?.leave?.();
    const hadFocus = this.slide?.contains(document.activeElement);
    this.#at = at;
    for (const [place, slide] of this.slides.entries()) slide.toggleAttribute('data-current', place === at);
    const slide = this.slide;
    slide?.scrollTo(0, 0);
    if (hadFocus && !slide?.contains(document.activeElement)) slide?.focus({ preventScroll: true });
  }

  /** One on (1) or back (-1): within the slide, as long as there is something, unless `skips`. False at either end of the lesson. */
  move(by: 1 | -1, { skips = false, byRemote = false } = {}): boolean {
    if (!skips && (this.inside?.move(by, byRemote) || this.#scroll(by))) return true;
    if (!this.slides[this.#at + by]) return false;
    this.show(this.#at + by);
    return true;
  }

  /** Where the window is small or the type large, a slide may go on below its edge. */
  #scroll(by: 1 | -1): boolean {
    const { slide } = this;
    const before = slide?.scrollTop;
    slide?.scrollBy({ top: by * 0.8 * slide.clientHeight, behavior: 'instant' });
    return slide?.scrollTop !== before;
  }
}

function insideOf(slide: HTMLElement, changed: Changed): Inside | undefined {
  const game = slide.querySelector<HTMLElement>('fault-scheduler');
  if (game) return new Game(game, changed);
  const stepper = slide.querySelector<FaultStepper>('fault-stepper');
  if (stepper) return new Execution(stepper, changed);
  const prediction = slide.querySelector<HTMLElement>('fault-prediction');
  return prediction ? new PredictionAsked(prediction, changed) : undefined;
}
