/**
 * “You are the scheduler” on a slide. A CPU's letter or number moves it, and begins the game. Once it has begun, going on lets the
 * CPU that has moved last move again, or the next one that can: what nobody interrupts runs on, as in a schedule that ends early.
 */

import type { FaultScheduler } from '../../scheduler/scheduler.ts';
import type { Changed, Inside } from './inside.ts';

/** What may name a CPU as long as the game has not told its own. */
const names = /^[a-dz1-4]$/i;

export class Game implements Inside {
  /** Its script comes with the first press of one of its buttons. */
  readonly #element: HTMLElement;
  #lastMoved: string | undefined;
  #isFollowing = false;

  constructor(element: HTMLElement, changed: Changed) {
    this.#element = element;
    element.setAttribute('unkept', '');
    element.addEventListener('click', ({ target }) => {
      const { move, on } = (target as Element).closest<HTMLElement>('button')?.dataset ?? {};
      this.#lastMoved = move ?? on ?? this.#lastMoved;
    });
    element.addEventListener('fault-step', () => {
      if (!this.#isFollowing) changed();
    });
  }

  get at(): string {
    const stand = this.#scheduler?.stand;
    return stand ? `${stand.at}:${stand.moves}` : '';
  }

  follow(at: string): void {
    if (at === '' || at === this.at) return;
    const [shown = '0', moves = ''] = at.split(':');
    void this.#begun().then(async (scheduler) => {
      this.#isFollowing = true;
      await scheduler.open({ moves, at: Number(shown) });
      this.#isFollowing = false;
    });
  }

  move(by: 1 | -1): boolean {
    if (!this.#scheduler?.stand) return false;
    if (by < 0) return this.#scheduler.stand.at > 0 && this.#click('[data-do=undo]');
    return this.#click(`[data-move="${this.#lastMoved}"]`) || this.#click('[data-move]');
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

  /** Undefined until its script has come. */
  get #scheduler(): FaultScheduler | undefined {
    return 'stand' in this.#element ? (this.#element as FaultScheduler) : undefined;
  }

  /** Once its first choice can be made. */
  async #begun(): Promise<FaultScheduler> {
    if (!this.#scheduler?.stand) {
      const begun = new Promise((done) => this.#element.addEventListener('fault-step', done, { once: true }));
      this.#click('[data-do=begin]');
      await begun;
    }
    return this.#element as FaultScheduler;
  }
}
