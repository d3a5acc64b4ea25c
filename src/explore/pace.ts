/** Work is counted and never timed, so that a search says the same on every machine: how much is done, is wanted, is allowed. */
export class Pace {
  done = 0;
  readonly #allowed: number;
  #wanted = 0;

  constructor(allowed = Number.POSITIVE_INFINITY) {
    this.#allowed = allowed;
  }

  /** So much more may be done before the caller wants to breathe. */
  want(more: number): void {
    this.#wanted = this.done + more;
  }

  /** So many steps until it is over; one, if it is. */
  get left(): number {
    return Math.max(1, Math.min(this.#wanted, this.#allowed) - this.done);
  }

  get isOver(): boolean {
    return this.done >= this.#wanted || this.isSpent;
  }

  /** All that is allowed is done. */
  get isSpent(): boolean {
    return this.done >= this.#allowed;
  }

  get tooMuch(): string {
    return `it would take more than ${this.#allowed} steps`;
  }
}
