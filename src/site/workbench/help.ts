/** Three hints, one at a time; then a walk through the interleaving that breaks the handler; and the solution: after passing, or after giving up. */

import { parseHints } from '#course/hints';
import { givenUp, hintSeen, mayShowSolution } from '#course/progress';
import { changeProgress, loadProgress } from '../progress-store.ts';
import { html } from '../stepper/html.ts';
import { coloured } from './coloured.ts';
import { hintsFor, solutionOf } from './exercise-texts.ts';
import { markdown } from './markdown.ts';
import type { Parts } from './parts.ts';
import { resolveLink } from './resolve-link.ts';

export class Help {
  readonly #parts: Parts;
  readonly #buttons: NonNullable<Parts['help']>;
  readonly #exercise: string;
  #hints: readonly string[] | undefined;
  #shown = 0;
  readonly #walk: () => Promise<boolean>;
  #asked = false;

  /** `walk`: begins the walk; false where the last run has found nothing to walk through. */
  constructor(parts: Parts, buttons: NonNullable<Parts['help']>, exercise: string, walk: () => Promise<boolean>) {
    this.#parts = parts;
    this.#buttons = buttons;
    this.#exercise = exercise;
    this.#walk = walk;
    buttons.hint.addEventListener('click', () => this.#next());
    buttons.solve.addEventListener('click', () => this.#solve());
    this.refresh();
  }

  /** Says on the button whether the solution has been earned. */
  refresh(): void {
    const earned = mayShowSolution(loadProgress(), this.#exercise);
    this.#buttons.solve.textContent = earned ? 'Solution' : this.#asked ? 'Yes, give up' : 'Give up';
  }

  async #next(): Promise<void> {
    if (this.#hints !== undefined && this.#shown === this.#hints.length) await this.#begin();
    else await this.#nextHint();
  }

  async #begin(): Promise<void> {
    if (await this.#walk()) return;
    const { state, status } = this.#parts;
    state.textContent = 'Nothing to walk through: run your answer first, until an interleaving breaks it.';
    status.textContent = state.textContent;
  }

  async #nextHint(): Promise<void> {
    const { hints } = this.#parts;
    this.#hints ??= parseHints('hints.md', await hintsFor(this.#exercise)).hints;
    const number = this.#shown + 1;
    const text = this.#hints[number - 1];
    if (text === undefined) return;
    this.#shown = number;
    changeProgress((progress) => hintSeen(progress, this.#exercise, number));
    const item = document.createElement('div');
    item.className = 'hint';
    item.tabIndex = -1;
    item.innerHTML =
      html`<h4 class="label">Hint ${number} of ${this.#hints.length}</h4>${markdown(text, resolveLink)}`.text;
    hints.append(item);
    item.focus();
    item.scrollIntoView({ block: 'nearest' });
    const left = this.#hints.length - number;
    this.#buttons.hint.textContent = left > 0 ? 'Next hint' : 'Walk me through it';
  }

  async #solve(): Promise<void> {
    if (!mayShowSolution(loadProgress(), this.#exercise) && !this.#asked) return this.#ask();
    changeProgress((progress) => givenUp(progress, this.#exercise));
    this.refresh();
    const { solution } = this.#parts;
    const text = await solutionOf(this.#exercise);
    solution.innerHTML =
      html`<h4 class="label">One solution of several</h4><pre class="code" tabindex="0"><code>${coloured(text.trimEnd())}</code></pre>
      <p class="further"><button type="button" class="quiet" data-do="fresh">The same idea in a fresh world</button> Your answer is run there: is it yours by now?</p>`.text;
    solution.focus();
    solution.scrollIntoView({ block: 'nearest' });
  }

  /** Giving up is written down, so it takes two clicks. */
  #ask(): void {
    this.#asked = true;
    this.refresh();
    this.#parts.solution.innerHTML =
      html`<p>The solution will be shown, and your progress will say that you gave this one up until you pass it. Sure? Press the button again.</p>`.text;
    this.#parts.status.textContent = this.#parts.solution.textContent;
  }
}
