/**
 * A game by a presenter's remote, which has two buttons: back marks the next choice, forward takes the one that is marked. Every
 * choice is a button on the slide, so whoever looks on sees what forward will do.
 */

const ofCpu = 'move';
export const nextSlide = 'nextSlide';

/** `move A`, `do undo`, `ask nextSlide`: what a button is for. */
export type Choice = string;

/** In which order they are marked: first the one that was taken last, so that forward alone goes on with it. */
export function ordered(choices: readonly Choice[], taken: Choice | undefined): Choice[] {
  const goesOn = choices.some((choice) => choice.startsWith(ofCpu));
  const first = goesOn ? taken : `ask ${nextSlide}`;
  return [...choices.filter((each) => each === first), ...choices.filter((each) => each !== first)];
}

export class TwoButtons {
  readonly #game: HTMLElement;
  #taken: Choice | undefined;
  #marked: Choice | undefined;

  constructor(game: HTMLElement) {
    this.#game = game;
  }

  /** For the other window to follow. */
  get at(): string {
    return `${this.#taken ?? ''}:${this.#marked ?? ''}`;
  }

  /** Whether the remote is at play. */
  get isMarking(): boolean {
    return this.#marked !== undefined;
  }

  follow(taken = '', marked = ''): void {
    this.#taken = taken || undefined;
    this.#marked = marked || undefined;
    this.draw();
  }

  /** Marks the first choice. */
  begin(): void {
    this.#mark(this.#order[0]);
  }

  /** Marks nothing any more. */
  end(): void {
    this.#marked = undefined;
    this.draw();
  }

  markNext(): void {
    const order = this.#order;
    this.#mark(order[(order.indexOf(this.#marked ?? '') + 1) % order.length]);
  }

  take(): void {
    this.#taken = this.#marked;
    this.#buttonFor(this.#marked)?.click();
  }

  /** After a move: what was marked may have gone. */
  moved(): void {
    if (!this.isMarking) return;
    if (this.#buttonFor(this.#marked)) this.draw();
    else this.begin();
  }

  /** Buttons are written anew with each move. */
  draw(): void {
    const marked = this.#buttonFor(this.#marked);
    for (const button of this.#game.querySelectorAll('button'))
      button.toggleAttribute('data-marked', button === marked);
  }

  /** The focus goes along, for who hears what is marked. */
  #mark(choice: Choice | undefined): void {
    this.#marked = choice;
    this.draw();
    this.#buttonFor(choice)?.focus({ preventScroll: true });
  }

  get #order(): Choice[] {
    return ordered(this.#buttons.map(choiceOf), this.#taken);
  }

  #buttonFor(choice: Choice | undefined): HTMLElement | undefined {
    return this.#buttons.find((button) => choiceOf(button) === choice);
  }

  get #buttons(): HTMLElement[] {
    return [
      ...this.#game.querySelectorAll<HTMLElement>(
        '[data-move], [data-do=undo]:not([aria-disabled=true]), .game [data-ask]',
      ),
    ];
  }
}

function choiceOf({ dataset }: HTMLElement): Choice {
  if (dataset.move) return `${ofCpu} ${dataset.move}`;
  return dataset.do ? `do ${dataset.do}` : `ask ${dataset.ask}`;
}
