import { predicted, progressOf } from '#course/progress';
import { changeProgress, loadProgress } from '../progress-store.ts';

/** <fault-prediction>: locks with its first answer, and then shows what happens and why. */
class FaultPrediction extends HTMLElement {
  readonly #lesson = this.dataset.lesson ?? '';
  readonly #id = this.dataset.prediction ?? '';

  connectedCallback(): void {
    this.querySelector('form')?.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#answer();
    });
    const before = progressOf(loadProgress(), this.#lesson).predictions[this.#id];
    if (before !== undefined) this.#lock(before);
  }

  #answer(): void {
    const chosen = this.querySelector<HTMLInputElement>('input:checked')?.value;
    if (chosen === undefined) return;
    const progress = changeProgress((old) => predicted(old, this.#lesson, this.#id, chosen));
    // Another tab may have been first.
    this.#lock(progressOf(progress, this.#lesson).predictions[this.#id] ?? chosen);
    this.querySelector<HTMLElement>('.result')?.focus();
  }

  #lock(chosen: string): void {
    this.dataset.locked = '';
    for (const option of this.querySelectorAll<HTMLElement>('.option')) showOption(option, chosen);
    const result = this.querySelector('.result');
    if (result) result.textContent = this.#resultOf(chosen);
  }

  #resultOf(chosen: string): string {
    const right = this.querySelector<HTMLInputElement>('[data-right] input')?.value;
    return chosen === right
      ? 'That is what happens.'
      : 'You expected something else. Keep it in mind for the experiment.';
  }
}

function showOption(option: HTMLElement, chosen: string): void {
  const input = option.querySelector('input');
  const reason = option.querySelector<HTMLElement>('.reason');
  if (!input || !reason) return;
  input.checked = input.value === chosen;
  input.disabled = true;
  reason.hidden = false;
  const yours = option.querySelector<HTMLElement>('.yours');
  if (yours) yours.hidden = !input.checked;
}

customElements.define('fault-prediction', FaultPrediction);
