/** Work is counted and never timed, so that a search says the same on every machine: how much has been done, and how much is wanted. */
export class Pace {
  done = 0;
  #wanted = 0;

  /** So much more may be done before the caller wants to breathe. */
  want(more: number): void {
    this.#wanted = this.done + more;
  }

  get isOver(): boolean {
    return this.done >= this.#wanted;
  }
}
