/**
 * <fault-scheduler>: the reader chooses which CPU moves next. The stepper shows what has come of it; to step back in it is to take
 * moves back, and a choice made there goes on from there. With the attribute `unkept` it neither knows nor keeps a best way.
 */

import type { Position, Trace } from '#explore';
import { adopt } from '../adopt.ts';
import type { Markup } from '../stepper/html.ts';
import { letterKeysAreOn } from '../stepper/letter-keys.ts';
import { FaultStepper, type StepDetail } from '../stepper/stepper.ts';
import kernelLogStyles from '../styles/kernel-log.css?inline';
import gameStyles from '../styles/scheduler-game.css?inline';
import { kernelLogMarkup } from '../workbench/kernel-log.ts';
import { type Best, bestOf, keepBest } from './best-scores.ts';
import { begun, type Game, type Goal, isBetter, moved, type Score, type Standing, standingAt, wentTo } from './game.ts';
import { Player } from './player.ts';
import { cpusMarkup, endText, gameMarkup, type Shown, scoresMarkup, spokenText } from './view.ts';

/** Where a game stands: all moves that were made, and how many of them are shown. */
export interface Stand {
  readonly moves: string;
  readonly at: number;
}

export class FaultScheduler extends HTMLElement {
  readonly #puzzle = this.dataset.puzzle ?? '';
  readonly #goal = this.dataset.goal as Goal;
  readonly #shortest = JSON.parse(this.dataset.shortest ?? '{}') as Score;
  #player: Player | undefined;
  #game: Game = begun;
  #position: Position | undefined;
  /** One thing after the other: keys come faster than answers. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor() {
    super();
    adopt(kernelLogStyles);
    adopt(gameStyles);
    this.addEventListener('click', (event) => this.#click(event.target as Element));
    this.addEventListener('keydown', (event) => this.#key(event));
  }

  connectedCallback(): void {
    const game = this.#part('game');
    if (!game.firstChild) game.innerHTML = gameMarkup(this.#goal).text;
    this.#stepper?.addEventListener('fault-step', (event) => {
      this.#game = wentTo(this.#game, (event as CustomEvent<StepDetail>).detail.at);
      this.#draw();
    });
  }

  disconnectedCallback(): void {
    this.#player?.close();
    this.#player = undefined;
  }

  /** Undefined before it has begun. */
  get stand(): Stand | undefined {
    return this.#position && { moves: this.#game.moves.join('-'), at: this.#game.at };
  }

  /** Goes to where another one stands. */
  open({ moves, at }: Stand): Promise<unknown> {
    this.#then(() => this.#load(moves, at));
    return this.#turn;
  }

  #part<T extends HTMLElement>(name: string): T {
    return this.querySelector(`[data-part=${name}]`) as T;
  }

  get #stepper(): FaultStepper | undefined {
    const stepper = this.#part('stepper');
    return stepper instanceof FaultStepper ? stepper : undefined;
  }

  #click(target: Element): void {
    const { move, on, open, do: what } = target.closest<HTMLElement>('button')?.dataset ?? {};
    if (move) this.#then(() => this.#choose(move));
    else if (on) this.#then(() => this.#choose(on, { goesOn: true }));
    else if (open !== undefined) this.#then(() => this.#open(open));
    else if (what) this.#then(() => this.#do(what));
  }

  /** The letter of a CPU moves it, with Shift for as long as it can; `u` takes a step back. */
  #key(event: KeyboardEvent): void {
    const { key, altKey, ctrlKey, metaKey, shiftKey } = event;
    if (altKey || ctrlKey || metaKey || !this.#position || !letterKeysAreOn()) return;
    const task = this.#position.trace.tasks?.find((name) => name.toLowerCase() === key.toLowerCase());
    if (!task && key !== 'u') return;
    event.preventDefault();
    this.#then(() => (task ? this.#choose(task, { goesOn: shiftKey }) : this.#do('undo')));
  }

  #then(act: () => unknown): void {
    this.#turn = this.#turn.then(act).catch((error) => this.#fail(error));
  }

  #do(what: string): unknown {
    const { at } = this.#game;
    if (what === 'begin' || what === 'restart') return this.#load('');
    if (what === 'undo') return this.#goTo(at - 1);
    if (what === 'best') return this.#load(this.#best?.schedule ?? '');
    return this.#compare();
  }

  #standing(): Standing | undefined {
    return this.#position && standingAt(this.#position, this.#game.at, this.#goal);
  }

  async #choose(task: string, { goesOn = false } = {}): Promise<void> {
    if (!this.#standing()?.choices.some((each) => each.task === task)) return;
    const { moves, at } = moved(this.#game, task);
    const schedule = moves.slice(0, at).join('-');
    await this.#play(schedule, goesOn ? task : undefined);
    const standing = this.#standing();
    // Before it is shown: the stepper looks where there is room for its row.
    if (standing?.state === 'reached') this.#keepIfBetter(standing.score);
    this.#goTo(this.#game.at);
  }

  /** Shows an execution, from its beginning unless told. */
  async #load(schedule: string, at = 0): Promise<void> {
    await this.#play(schedule);
    this.#part('failed').hidden = true;
    const isFirst = this.#part('game').hidden;
    this.#part('game').hidden = false;
    this.#part('begin').hidden = true;
    this.#goTo(at);
    if (isFirst) this.#comeUp();
  }

  /** Shows it wherever the reader was: the button for it stands far below. */
  async #open(schedule: string): Promise<void> {
    await this.#load(schedule);
    this.#comeUp();
  }

  async #play(schedule: string, runOn?: string): Promise<void> {
    this.#player ??= new Player(this.#puzzle);
    this.#position = await this.#player.play(schedule, runOn);
    const moves = this.#position.trace.steps.map(({ task }) => task);
    this.#game = { moves, at: moves.length };
  }

  /** Choices and lanes together in sight, and the focus on the first choice. */
  #comeUp(): void {
    this.#part('game').scrollIntoView({ block: 'nearest', behavior: 'instant' });
    this.querySelector<HTMLElement>('[data-move]')?.focus({ preventScroll: true });
  }

  #goTo(at: number): void {
    const { trace } = this.#position ?? {};
    if (!trace || at < 0) return;
    this.#stepper?.show(trace, 'Your interleaving', 'new', { at, tasks: trace.tasks ?? [] });
    this.#say();
  }

  get #isUnkept(): boolean {
    return this.hasAttribute('unkept');
  }

  get #best(): Best | undefined {
    return this.#isUnkept ? undefined : bestOf(this.#puzzle);
  }

  #keepIfBetter(score: Score): void {
    if (this.#isUnkept || !isBetter(this.#goal, score, this.#best?.score)) return;
    keepBest(this.#puzzle, { schedule: this.#position?.trace.schedule ?? '', score });
  }

  #shown(): Shown | undefined {
    const standing = this.#standing();
    if (!standing || !this.#position) return undefined;
    const { at } = this.#game;
    const best = this.#best;
    return { position: this.#position, at, standing, goal: this.#goal, best, shortest: this.#shortest };
  }

  #draw(): void {
    const shown = this.#shown();
    if (!shown) return;
    const focused = this.#focusedChoice();
    this.#part('cpus').innerHTML = cpusMarkup(shown).text;
    this.#part('scores').innerHTML = scoresMarkup(shown).text;
    this.#part('end').textContent = endText(shown);
    this.#part('end').dataset.state = shown.standing.state;
    this.#part('log').innerHTML = logOf(shown)?.text ?? '';
    this.#part('undo').setAttribute('aria-disabled', String(this.#game.at === 0));
    this.#part('best').hidden = !shown.best;
    if (focused) this.#focusAgain(focused);
  }

  /** Which choice has the focus: its button is about to be written anew. */
  #focusedChoice(): string | undefined {
    const { move, on } = (document.activeElement as HTMLElement | null)?.dataset ?? {};
    if (!this.contains(document.activeElement)) return undefined;
    return move ? `[data-move="${move}"]` : on && `[data-on="${on}"]`;
  }

  #focusAgain(selector: string): void {
    const next = this.querySelector(selector) ?? this.querySelector('[data-move]') ?? this.#part('undo');
    (next as HTMLElement).focus({ preventScroll: true });
  }

  #say(): void {
    const shown = this.#shown();
    if (shown) this.#part('spoken').textContent = spokenText(shown);
  }

  async #compare(): Promise<void> {
    const response = await fetch(this.dataset.trace ?? '');
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    const trace = (await response.json()) as Trace;
    const stepper = this.#part<FaultStepper>('compared');
    stepper.hidden = false;
    stepper.show(trace, 'The checker’s shortest', 'new', { tasks: trace.tasks ?? [] });
    stepper.scrollIntoView({ block: 'nearest', behavior: 'instant' });
    stepper.querySelector<HTMLElement>('.lanes')?.focus({ preventScroll: true });
  }

  #fail(error: unknown): void {
    console.error(error);
    // The next press gets another worker.
    this.disconnectedCallback();
    const place = this.#part('failed');
    place.textContent = `That did not work here (${error instanceof Error ? error.message : String(error)}). Press again, or reload the page.`;
    place.hidden = false;
  }
}

/** Of an execution that is shown to its end, and ends with what was to be reached. */
const logOf = ({ position: { trace }, at, standing }: Shown): Markup | undefined =>
  standing.state === 'reached' && at === trace.steps.length ? kernelLogMarkup(trace) : undefined;

customElements.define('fault-scheduler', FaultScheduler);
