/** A recorded or computed execution on a slide: the stepper's own buttons and slider, pressed from afar. */

import type { FaultStepper, StepDetail } from '../../stepper/stepper.ts';
import type { Changed, Inside } from './inside.ts';

const letters: Readonly<Record<string, string>> = { o: 'over', s: 'switch', p: 'play' };

export class Execution implements Inside {
  readonly #stepper: FaultStepper;
  #at = 0;
  /** Where the other window stood when the trace had not come yet. */
  #awaited: number | undefined;
  #isFollowing = false;

  constructor(stepper: FaultStepper, changed: Changed) {
    this.#stepper = stepper;
    stepper.addEventListener('fault-step', (event) => {
      this.#at = (event as CustomEvent<StepDetail>).detail.at;
      const awaited = this.#awaited;
      this.#awaited = undefined;
      // The stepper has told of its first place, and goes on to set itself up.
      if (awaited !== undefined) queueMicrotask(() => this.follow(String(awaited)));
      else if (!this.#isFollowing) changed();
    });
  }

  get at(): string {
    return this.#at === 0 ? '' : String(this.#at);
  }

  follow(at: string): void {
    const wanted = Number(at);
    const slider = this.#slider;
    if (!slider) this.#awaited = wanted;
    else if (wanted !== this.#at) {
      this.#isFollowing = true;
      slider.value = String(wanted);
      slider.dispatchEvent(new Event('input'));
      this.#isFollowing = false;
    }
  }

  move(by: 1 | -1): boolean {
    const end = by > 0 ? Number(this.#slider?.max ?? 0) : 0;
    return this.#at !== end && this.#click(by > 0 ? 'forward' : 'back');
  }

  press(key: string): boolean {
    const button = letters[key];
    return button !== undefined && this.#click(button);
  }

  #click(go: string): boolean {
    const button = this.#stepper.querySelector<HTMLElement>(`[data-go=${go}]`);
    button?.click();
    return button !== null;
  }

  /** There from the moment at which the trace has come. */
  get #slider(): HTMLInputElement | null {
    return this.#stepper.querySelector<HTMLInputElement>('[type=range]');
  }
}
