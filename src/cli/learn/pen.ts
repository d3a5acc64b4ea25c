/** Decides when to draw: what a key came to at once, a run's progress seldom, so that a quick verdict does not flicker. */
export class Pen {
  /** Draws the screen. Nothing until there is one. */
  draw: () => void = () => {};
  #later: NodeJS.Timeout | undefined;

  /** Something is new; `isRunning`: while a run is under way. */
  changed(isRunning: boolean): void {
    if (isRunning) {
      this.#later ??= setTimeout(() => this.#now(), PATIENCE);
    } else {
      this.#now();
    }
  }

  close(): void {
    clearTimeout(this.#later);
    this.draw = () => {};
  }

  #now(): void {
    clearTimeout(this.#later);
    this.#later = undefined;
    this.draw();
  }
}

// Milliseconds in which most runs end.
const PATIENCE = 200;
