import { predicted, progressOf } from '#course/progress';
import { changeProgress, loadProgress } from '../progress-store.ts';

/** <fault-prediction>: locks with its first answer, shows what happens and why, and fires `fault-predicted`. */
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
    this.#goToReason();
  }

  /** Why the right answer is right: the page moves only as far as it must for that to be in sight, and glides there. */
  #goToReason(): void {
    const reason = this.querySelector<HTMLElement>('[data-right] .reason');
    reason?.focus({ preventScroll: true });
    const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth';
    reason?.scrollIntoView({ block: 'nearest', behavior });
  }

  #lock(chosen: string): void {
    this.dataset.locked = '';
    for (const option of this.querySelectorAll<HTMLElement>('.option')) showOption(option, chosen);
    const isRight = chosen === this.querySelector<HTMLInputElement>('[data-right] input')?.value;
    const result = this.querySelector('.result');
    if (result && !isRight) result.textContent = 'You expected something else. Keep it in mind.';
    this.dispatchEvent(new CustomEvent('fault-predicted', { bubbles: true }));
  }
}

function showOption(option: HTMLElement, chosen: string): void {
  const input = option.querySelector('input');
  const reason = option.querySelector<HTMLElement>('.reason');
  if (!input || !reason) return;
  input.checked = input.value === chosen;
  input.disabled = true;
  reason.hidden = false;
  // Only now: a screen reader would read a description that is hidden, and with it the answer.
  input.setAttribute('aria-describedby', reason.id);
  const yours = option.querySelector<HTMLElement>('.yours');
  if (yours) yours.hidden = !input.checked;
}

customElements.define('fault-prediction', FaultPrediction);
