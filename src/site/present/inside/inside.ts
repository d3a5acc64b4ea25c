/** What can go on within a slide before the next one comes: an execution, a game, a prediction's answer. */

export interface Inside {
  /** How far it has got, for another window to `follow`; empty at its beginning. */
  readonly at: string;
  /** Resolves once it is there. */
  follow(at: string): void | Promise<void>;
  /** One on (1) or back (-1). False where there is nothing more: then the slide changes. `byRemote`: there are no other buttons. */
  move(by: 1 | -1, byRemote: boolean): boolean;
  /** A letter or a digit. False if it means nothing here. */
  press(key: string, withShift: boolean): boolean;
  /** Another slide comes. */
  leave?(): void;
}

/** Told of each change that this window's user has made. */
export type Changed = () => void;
