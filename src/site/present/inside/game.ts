/**
 * “You are the scheduler” on a slide. A CPU's letter or number moves it, and begins the game. Once it has begun, an arrow lets the
 * CPU that has moved last move again, or the next one that can: what nobody interrupts runs on, as in a schedule that ends early.
 * A remote begins it too, and goes from choice to choice: see `TwoButtons`.
 */

import type { FaultScheduler } from '../../scheduler/scheduler.ts';
import { tellBefore, tellWithin } from './game-told.ts';
import type { Changed, Inside } from './inside.ts';
import { TwoButtons } from './two-buttons.ts';

/** What may name a CPU as long as the game has not told its own. */
const names = /^[a-dz1-4]$/i;

export class Game implements Inside {
  /** Its script comes with the first press of one of its buttons. */
  readonly #element: HTMLElement;
  readonly #remote: TwoButtons;
  readonly #changed: Changed;
  /** How many places it is on its way to that the other window has told of. */
  #following = 0;
  /** Whoever presses twice, or is followed by what comes in two messages, begins once. */
  #beginning: Promise<unknown> | undefined;

  constructor(element: HTMLElement, changed: Changed) {
    this.#element = element;
    this.#changed = changed;
    this.#remote = new TwoButtons(element);
    element.setAttribute('unkept', '');
    tellBefore(element);
    element.addEventListener('fault-step', () => {
      tellWithin(element);
      if (this.#following > 0) return;
      this.#remote.moved();
      changed();
    });
  }

  get at(): string {
    const stand = this.#scheduler?.stand;
    return stand ? `${stand.at}:${stand.moves}:${this.#remote.at}` : '';
  }

  async follow(at: string): Promise<void> {
    if (at === '' || at === this.at) return;
    const [shown = '0', moves = '', taken, marked] = at.split(':');
    // From here on: to begin is a step too, and told of, it would take back what the other window has marked since.
    this.#following++;
    const scheduler = await this.#begun();
    const { stand } = scheduler;
    if (stand?.moves !== moves || stand.at !== Number(shown)) await scheduler.open({ moves, at: Number(shown) });
    this.#remote.follow(taken, marked);
    this.#following--;
  }

  move(by: 1 | -1, byRemote: boolean): boolean {
    if (byRemote) return this.#moveByRemote(by);
    const { stand } = this.#scheduler ?? {};
    if (!stand) return false;
    if (by < 0) return stand.at > 0 && this.#click('[data-do=undo]');
    const lastMoved = stand.moves.split('-')[stand.at - 1];
    return this.#click(`[data-move="${lastMoved}"]`) || this.#click('[data-move]');
  }

  /** Forward begins, or begins again where the slide has been left; until then, back goes back. */
  #moveByRemote(by: 1 | -1): boolean {
    if (!this.#remote.isMarking && by < 0) return false;
    if (!this.#remote.isMarking) void this.#begun().then(() => this.#beginByRemote());
    else if (by < 0) this.#remote.markNext();
    else this.#remote.take();
    return true;
  }

  #beginByRemote(): void {
    this.#remote.begin();
    this.#changed();
  }

  leave(): void {
    this.#remote.end();
  }

  press(key: string, withShift: boolean): boolean {
    if (key === 'u') return this.#click('[data-do=undo]');
    const choose = () => {
      const task = this.#taskOf(key);
      if (task) this.#click(`[data-${withShift ? 'on' : 'move'}="${task}"]`);
      return task !== undefined;
    };
    if (this.#scheduler?.stand) return choose();
    if (!names.test(key)) return false;
    void this.#begun().then(choose);
    return true;
  }

  /** The CPU with that letter, or in that place. */
  #taskOf(key: string): string | undefined {
    const tasks = [...this.#element.querySelectorAll('.cpus .cpu')].map(({ textContent }) => textContent ?? '');
    return tasks.find((task) => task.toLowerCase() === key.toLowerCase()) ?? tasks[Number(key) - 1];
  }

  /** A choice, or one of its buttons, if it is there. */
  #click(selector: string): boolean {
    const button = this.#element.querySelector<HTMLElement>(selector);
    button?.click();
    return button !== null;
  }

  #begin(): Promise<unknown> {
    const begun = new Promise((done) => this.#element.addEventListener('fault-step', done, { once: true }));
    this.#click('[data-do=begin]');
    return begun;
  }

  /** Undefined until its script has come. */
  get #scheduler(): FaultScheduler | undefined {
    return 'stand' in this.#element ? (this.#element as FaultScheduler) : undefined;
  }

  /** Once its first choice can be made. */
  async #begun(): Promise<FaultScheduler> {
    if (!this.#scheduler?.stand) {
      this.#beginning ??= this.#begin();
      await this.#beginning;
    }
    return this.#element as FaultScheduler;
  }
}
