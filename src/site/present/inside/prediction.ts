/**
 * <fault-prediction> for a room: a digit marks what most of the room expects, going on shows what happens. Nothing is kept: the room
 * answers, and not the learner that its instructor may be too.
 */

import type { Changed, Inside } from './inside.ts';

/** In front of what was chosen, once it is known what happens. */
const told = '!';

export class PredictionAsked implements Inside {
  readonly #element: HTMLElement;
  readonly #changed: Changed;
  #isTold = false;

  constructor(element: HTMLElement, changed: Changed) {
    this.#element = element;
    this.#changed = changed;
    const form = element.querySelector('form');
    const button = form?.querySelector('button');
    if (form) form.noValidate = true;
    if (button) button.textContent = 'Show what happens';
    form?.addEventListener('change', changed);
    form?.addEventListener('submit', (event) => {
      event.preventDefault();
      this.move(1);
    });
  }

  get at(): string {
    return (this.#isTold ? told : '') + (this.#chosen ?? '');
  }

  follow(at: string): void {
    const chosen = at.replace(told, '');
    for (const input of this.#inputs) input.checked = input.value === chosen;
    if (at.startsWith(told)) this.#tell();
  }

  move(by: 1 | -1): boolean {
    if (by < 0 || this.#isTold) return false;
    this.#tell();
    this.#changed();
    return true;
  }

  press(key: string): boolean {
    const input = /^[1-9]$/.test(key) ? this.#inputs[Number(key) - 1] : undefined;
    if (!input) return false;
    input.click();
    return true;
  }

  #tell(): void {
    this.#isTold = true;
    this.#element.dataset.locked = '';
    for (const input of this.#inputs) input.disabled = true;
    for (const reason of this.#element.querySelectorAll<HTMLElement>('.reason')) reason.hidden = false;
  }

  get #inputs(): HTMLInputElement[] {
    return [...this.#element.querySelectorAll('input')];
  }

  get #chosen(): string | undefined {
    return this.#inputs.find(({ checked }) => checked)?.value;
  }
}
