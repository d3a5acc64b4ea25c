/** The verdict's place on the page: draws it, tells of it by `fault-verdict`, gives traces their steppers, and lets lines point into the editor. */

import { endingRole } from '#grade/ending';
import type { Variant } from '#grade/variants';
import type { Check, Verdict } from '#grade/verdict';
import { adopt } from '../adopt.ts';
import type { FaultStepper, StepDetail } from '../stepper/stepper.ts';
import '../stepper/stepper.ts';
import kernelLogStyles from '../styles/kernel-log.css?inline';
import verdictStyles from '../styles/verdict.css?inline';
import usedStyles from '../styles/workbench-used.css?inline';
import type { Editor } from './editor.ts';
import { codeInText } from './markdown.ts';
import { endingOf, unfold } from './onward.ts';
import { resolveLink } from './resolve-link.ts';
import { verdictMarkup } from './verdict-view.ts';

export class VerdictPanel {
  readonly #root: HTMLElement;
  readonly #editor: Editor;
  #verdict: Verdict | undefined;

  constructor(root: HTMLElement, editor: Editor) {
    adopt(usedStyles);
    adopt(verdictStyles);
    adopt(kernelLogStyles);
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

  /** What is shown. */
  get verdict(): Verdict | undefined {
    return this.#verdict;
  }

  /** Shows the verdict, and in which worlds it was found. Returns whether it says something else than the one before. */
  show(verdict: Verdict, variant: Variant = 'usual'): boolean {
    const isNews = tellingPart(verdict) !== tellingPart(this.#verdict);
    this.#verdict = verdict;
    this.#root.innerHTML = verdictMarkup(verdict, resolveLink, variant).text;
    this.#root.querySelector('.onward')?.prepend(...endingOf(document).map((each) => each.cloneNode(true)));
    if (verdict.outcome === 'passed') unfold(document);
    delete this.#root.dataset.outdated;
    for (const open of this.#root.querySelectorAll<HTMLDetailsElement>('details[open]')) this.#drawTrace(open);
    this.#root.dispatchEvent(new CustomEvent('fault-verdict'));
    return isNews;
  }

  /** What went wrong comes into sight, if it is not, for those who have asked for it: below the editor there is little room on a phone. */
  comeUp(): void {
    this.#root.querySelector('details[open] .happened, .errors')?.scrollIntoView({ block: 'nearest' });
  }

  /** The text has changed since. */
  outdated(): void {
    if (this.#verdict) this.#root.dataset.outdated = '';
    this.#editor.pointAt(undefined);
  }

  /** Walks through the execution of the check that is open, or of the first that failed, with the reason at each step. */
  async walk(): Promise<boolean> {
    const all = [...this.#root.querySelectorAll<HTMLDetailsElement>('details.check:has(fault-stepper)')];
    const details = all.find(({ open }) => open) ?? all[0];
    const trace = this.#checkOf(details)?.trace;
    if (!details || !trace || trace.steps.length === 0) return false;
    details.open = true;
    this.#drawTrace(details);
    const { reasonsOf } = await import('#grade/reasons');
    details.querySelector<FaultStepper>('fault-stepper')?.explain(reasonsOf(trace).map(codeInText));
    return true;
  }

  /** Opens the check that found this interleaving. Returns whether there is one. */
  openSchedule(schedule: string): boolean {
    const found = this.#verdict?.checks.find((check) => check.schedule === schedule);
    const all = [...this.#root.querySelectorAll<HTMLDetailsElement>('details[data-check]')];
    const details = found && all.find(({ dataset }) => dataset.check === found.id);
    if (details) details.open = true;
    return details !== undefined;
  }

  #checkOf(details: HTMLDetailsElement | undefined): Check | undefined {
    return this.#verdict?.checks.find(({ id }) => id === details?.dataset.check);
  }

  #drawTrace(details: HTMLDetailsElement): void {
    const check = this.#checkOf(details);
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
