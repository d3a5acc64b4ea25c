/** What can go on within a slide before the next one comes: an execution, a game, a prediction's answer. */

export interface Inside {
  /** How far it has got, for another window to `follow`; empty at its beginning. */
  readonly at: string;
  follow(at: string): void;
  /** One on (1) or back (-1). False where there is nothing more: then the slide changes. */
  move(by: 1 | -1): boolean;
  /** A letter or a digit. False if it means nothing here. */
  press(key: string, withShift: boolean): boolean;
}

/** Told of each change that this window's user has made. */
export type Changed = () => void;
