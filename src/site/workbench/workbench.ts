/** The workbench: an editor, and runs of what it holds in the sandbox. */

import type { Progress as Course } from '#course/progress';
import { graded, opened } from '#course/progress';
import { soFarText } from '#grade/explored';
import type { Variant } from '#grade/variants';
import type { Verdict } from '#grade/verdict';
import { changeProgress } from '../progress-store.ts';
import { Sandbox } from '../sandbox/sandbox.ts';
import { showInterleaving } from '../share/interleaving.ts';
import { isShareLink } from '../share/link.ts';
import { Linked } from '../share/linked.ts';
import { Copies } from './copies.ts';
import {
  copiesOf,
  diedRunning,
  keepCopy,
  loadDraft,
  markRunning,
  onDraftElsewhere,
  openDraft,
  storeDraft,
} from './drafts.ts';
import { type Editor, openEditor } from './editor.ts';
import { solutionOf } from './exercise-texts.ts';
import { listenFurther } from './further.ts';
import { Help } from './help.ts';
import type { Parts } from './parts.ts';
import { gradeIn, type Progress, replayIn } from './run.ts';
import { TypesButton } from './types-button.ts';
import { dropHistories } from './undo-history.ts';
import { VerdictPanel } from './verdict-panel.ts';
import { summaryOf } from './verdict-view.ts';

/** Milliseconds after the last change until the draft runs by itself. */
const pause = 600;
/** Seconds of a run until a screen reader hears of its progress, and between two such times. */
const chat = 10;

const unsafe = 'This browser cannot run exercises safely; use the terminal:';
const atEase = 'Runs by itself when you pause.';
const atRun = 'Press Run when you are ready.';
const keepsNothing = 'This browser stores nothing here: copy your text before you leave.';
const wayOut = 'Tab indents; Escape, then Tab, leaves the editor.';

export class Workbench {
  readonly #parts: Parts;
  readonly #exercise: string;
  readonly #starter: string;
  readonly #editor: Editor;
  readonly #panel: VerdictPanel;
  /** Absent where the program belongs to no exercise: then nothing counts either. */
  readonly #help: Help | undefined;
  readonly #copies: Copies;
  #sandbox: Sandbox | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: AbortController | undefined;
  /** In which worlds it is graded. The harder ones are for those who have passed: they leave no trace in the progress. */
  #variant: Variant = 'usual';
  /** A text that came with a link, and is not the learner's own. */
  readonly #linked: Linked;
  /** The page died while this draft ran: now it waits for Run. */
  #held: boolean;

  constructor(parts: Parts, exercise: string) {
    this.#parts = parts;
    this.#exercise = exercise;
    this.#starter = parts.editor.querySelector('pre')?.textContent ?? '';
    this.#held = diedRunning(exercise);
    this.#editor = openEditor(parts.editor, {
      text: openDraft(exercise) ?? this.#starter,
      exercise,
      label: `${exercise}.ts`,
      onChange: () => this.#edited(),
      onRun: () => this.#runNow(),
    });
    this.#panel = new VerdictPanel(parts.verdict, this.#editor);
    this.#help = parts.help && new Help(parts, parts.help, exercise, () => this.#panel.walk());
    new TypesButton(parts.acts, this.#editor, (text) => this.#tell(text));
    this.#copies = new Copies(parts.acts, exercise, (text) => this.#goOnWith(text));
    if (!isShareLink(location.hash)) this.#count((progress) => opened(progress, exercise));
    this.#linked = new Linked(parts.root, exercise, {
      own: () => openDraft(exercise) ?? this.#starter,
      show: (text) => this.#editor.replace(text),
      text: () => this.#editor.text,
      tell: (text) => this.#tell(text),
    });
    this.#listen();
  }

  /** Opens the sandbox, or says that there is none. */
  async connect(): Promise<void> {
    this.#say('Getting ready …');
    try {
      this.#sandbox = await Sandbox.ofPage();
    } catch (error) {
      return this.#refuse(
        `The grader could not be loaded (${error instanceof Error ? error.message : error}). Reload the page, or use the terminal:`,
      );
    }
    if (!this.#sandbox) return this.#refuse(unsafe);
    this.#parts.run.removeAttribute('aria-disabled');
    if (this.#linked.isOpen) this.#say(atRun);
    else this.#say(this.#held ? `The last run did not end. ${atRun}` : atEase);
  }

  #listen(): void {
    const { run, stop, reset, editor } = this.#parts;
    editor.addEventListener('focusin', () => this.#begin(), { once: true });
    run.addEventListener('click', () => this.#runNow());
    stop.addEventListener('click', () => this.#running?.abort());
    reset.addEventListener('click', () => this.#reset());
    addEventListener('pagehide', () => this.#store());
    listenFurther(this.#parts.root, {
      verdict: () => this.#panel.verdict,
      source: () => this.#editor.text,
      variant: () => this.#variant,
      runIn: (variant) => this.#runIn(variant),
    });
    void this.#linked.open();
    onDraftElsewhere(this.#exercise, (text, before) => this.#changedElsewhere(text, before));
  }

  /** Somebody is about to write: what they will ask for can be rehearsed. A program of their own has no solution, but its first text. */
  async #begin(): Promise<void> {
    this.#tell(wayOut);
    const source = await solutionOf(this.#exercise).catch(() => this.#starter);
    const sandbox = await Sandbox.ofPage().catch(() => undefined);
    sandbox?.expect({ exercise: this.#exercise, source });
  }

  #refuse(why: string): void {
    this.#parts.root.dataset.unsafe = '';
    this.#tell(why);
  }

  #edited(): void {
    clearTimeout(this.#timer);
    this.#panel.outdated();
    this.#running?.abort('edited');
    if (this.#linked.isOpen) return;
    this.#timer = setTimeout(() => {
      this.#store();
      if (!this.#held) void this.#run(false);
    }, pause);
  }

  #runNow(): void {
    this.#held = false;
    void this.#run(true);
  }

  #runIn(variant: Variant): void {
    this.#variant = variant;
    this.#runNow();
  }

  #store(): boolean {
    if (this.#linked.isOpen) return true;
    const { text } = this.#editor;
    // A starter nobody has touched is not a draft: a later version of it may be better.
    if (text === this.#starter && loadDraft(this.#exercise) === undefined) return true;
    const stored = storeDraft(this.#exercise, text) || this.#storeWithRoom(text);
    if (stored) this.#editor.keepHistory();
    return stored;
  }

  /** Histories are worth less than drafts. */
  #storeWithRoom(text: string): boolean {
    dropHistories();
    return storeDraft(this.#exercise, text);
  }

  /** Another tab has stored a draft: where nobody has written in this one, it goes on with that. */
  #changedElsewhere(text: string, before: string | undefined): boolean {
    if (this.#linked.isOpen) return false;
    if (this.#editor.text !== (before ?? this.#starter)) {
      this.#say('Another tab has stored this exercise too. Its text will be kept as a dated copy.');
      return false;
    }
    this.#editor.replace(text);
    // The other tab runs it.
    clearTimeout(this.#timer);
    this.#say('Taken over from another tab.');
    return true;
  }

  async #run(asked: boolean): Promise<void> {
    if (!this.#sandbox) return;
    clearTimeout(this.#timer);
    this.#running?.abort('edited');
    const running = new AbortController();
    this.#running = running;
    const stored = this.#store();
    this.#show(true);
    this.#mark(true);
    try {
      const request = { exercise: this.#exercise, source: this.#editor.text, variant: this.#variant };
      const verdict = await gradeIn(this.#sandbox, request, running.signal, (progress) => this.#progress(progress));
      if (this.#running !== running) return; // another one has begun
      if (verdict) this.#judged(verdict, asked, stored, running.signal.aborted);
      if (verdict && this.#linked.schedule) await this.#showLinked(this.#linked.schedule, running.signal);
      if (this.#running === running) this.#say(this.#linked.isOpen ? atRun : stored ? atEase : keepsNothing);
    } catch (error) {
      this.#refuse(
        `The run failed (${error instanceof Error ? error.message : error}). Reload the page, or use the terminal:`,
      );
    } finally {
      if (this.#running === running) {
        this.#running = undefined;
        this.#show(false);
        this.#mark(false);
      }
    }
  }

  #count(change: (progress: Course) => Course): void {
    if (this.#help) changeProgress(change);
  }

  /** So that what kills the page does not run again by itself; a text from a link never does. */
  #mark(running: boolean): void {
    if (!this.#linked.isOpen) markRunning(this.#exercise, running);
  }

  /** The interleaving that a link points at, where the verdict shows another one or none. */
  async #showLinked(schedule: string, signal: AbortSignal): Promise<void> {
    if (!this.#sandbox || signal.aborted || this.#panel.openSchedule(schedule)) return;
    const request = { exercise: this.#exercise, source: this.#editor.text, replay: schedule };
    const replayed = await replayIn(this.#sandbox, request, signal);
    if (replayed !== undefined && !signal.aborted) showInterleaving(this.#parts.verdict, replayed);
  }

  #judged(verdict: Verdict, asked: boolean, stored: boolean, stopped: boolean): void {
    const isNews = this.#panel.show(verdict, this.#variant);
    this.#editor.showErrors(verdict.errors);
    const more = stored ? '' : ` ${keepsNothing}`;
    if (asked) this.#panel.comeUp();
    if (asked || isNews) this.#announce(`${verdict.outcome}: ${summaryOf(verdict)}${more}`);
    if (stopped || this.#variant === 'harder' || this.#linked.isOpen) return;
    this.#count((progress) => graded(progress, this.#exercise, verdict, new Date()));
    this.#help?.refresh();
  }

  #progress({ checking, seconds, ...looked }: Progress): void {
    const text = [checking ? `Checking “${checking.name}”` : 'Checking', soFarText(looked)].filter(Boolean).join(': ');
    this.#say(text);
    if (seconds > 0 && seconds % chat === 0) this.#announce(`Still running. ${text}`);
  }

  #reset(): void {
    if (this.#linked.isOpen) {
      this.#linked.leave();
      return;
    }
    this.#tell(`The starter is back.${this.#putAside(this.#starter)}`);
  }

  #goOnWith(text: string): void {
    this.#tell(`The copy is back.${this.#putAside(text)}`);
  }

  /** Makes room for another text. Returns a sentence on what has become of the one before, if there was one to keep. */
  #putAside(text: string): string {
    const before = this.#editor.text;
    const isKept = [this.#starter, text, ...copiesOf(this.#exercise).map((copy) => copy.text)].includes(before);
    const copy = isKept || !this.#store() ? undefined : keepCopy(this.#exercise, new Date());
    this.#copies.refresh();
    this.#editor.replace(text);
    this.#editor.focus();
    if (isKept) return '';
    return copy
      ? ` What you had is kept as ${copy}.`
      : ' This browser stores nothing here: what you had comes back with Undo, as long as this page is open.';
  }

  #show(running: boolean): void {
    this.#parts.root.toggleAttribute('data-running', running);
    this.#parts.stop.setAttribute('aria-disabled', String(!running));
  }

  /** To the eye and to the ear. */
  #tell(text: string): void {
    this.#say(text);
    this.#announce(text);
  }

  #say(text: string): void {
    this.#parts.state.textContent = text;
  }

  #announce(text: string): void {
    this.#parts.status.textContent = text;
  }
}
