/** The verdict's place on the page: draws it, gives traces their steppers, and lets lines point into the editor. */

import { endingRole } from '#grade/ending';
import type { Verdict } from '#grade/verdict';
import type { FaultStepper, StepDetail } from '../stepper/stepper.ts';
import '../stepper/stepper.ts';
import type { Editor } from './editor.ts';
import { resolveLink } from './resolve-link.ts';
import { verdictMarkup } from './verdict-view.ts';

export class VerdictPanel {
  readonly #root: HTMLElement;
  readonly #editor: Editor;
  #verdict: Verdict | undefined;

  constructor(root: HTMLElement, editor: Editor) {
    this.#root = root;
    this.#editor = editor;
    root.addEventListener('fault-step', (event) => {
      editor.pointAt((event as CustomEvent<StepDetail>).detail.line);
    });
    root.addEventListener('click', (event) => {
      const line = (event.target as Element).closest<HTMLElement>('[data-line]')?.dataset.line;
      if (line) editor.goTo(Number(line));
    });
    // A check's trace is drawn when it is opened: `toggle` does not bubble, but it can be captured.
    root.addEventListener('toggle', (event) => this.#drawTrace(event.target as HTMLDetailsElement), { capture: true });
  }

  /** Shows the verdict. Returns whether it says something else than the one before. */
  show(verdict: Verdict): boolean {
    const isNews = tellingPart(verdict) !== tellingPart(this.#verdict);
    this.#verdict = verdict;
    this.#root.innerHTML = verdictMarkup(verdict, resolveLink).text;
    delete this.#root.dataset.outdated;
    for (const open of this.#root.querySelectorAll<HTMLDetailsElement>('details[open]')) this.#drawTrace(open);
    return isNews;
  }

  /** The text has changed since. */
  outdated(): void {
    if (this.#verdict) this.#root.dataset.outdated = '';
    this.#editor.pointAt(undefined);
  }

  #drawTrace(details: HTMLDetailsElement): void {
    const check = this.#verdict?.checks.find(({ id }) => id === details.dataset.check);
    const stepper = details.querySelector<FaultStepper>('fault-stepper');
    if (!details.open || !check?.trace || !stepper || stepper.hasChildNodes()) return;
    stepper.show(check.trace, `The interleaving that “${check.name}” found`, endingRole(check));
  }
}

const tellingPart = (verdict: Verdict | undefined): string =>
  JSON.stringify([
    verdict?.outcome,
    verdict?.errors,
    verdict?.checks.map(({ id, status, message }) => [id, status, message?.text]),
  ]);
