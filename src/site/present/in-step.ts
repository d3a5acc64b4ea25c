/** Two windows of one browser that show the same place of a lesson. Nothing is stored: each asks the other when it opens. */

import { prefix } from '../keys.ts';
import { type Clock, unstarted } from './clock.ts';

/** What both windows show. */
export interface Shown {
  /** Which slide, from 0. */
  readonly slide: number;
  /** How far what is on it has got: see `Inside`. */
  readonly inside: string;
  /** What is unfolded on it: see `folds.ts`. */
  readonly folds: string;
  readonly isBlank: boolean;
  readonly clock: Clock;
}

export const beginning: Shown = { slide: 0, inside: '', folds: '', isBlank: false, clock: unstarted };

type Told = { readonly asks: true } | { readonly shown: Shown };

export class InStep {
  readonly #channel: BroadcastChannel;

  /** `shown`: what this window shows; `follow`: another one shows something else. */
  constructor(lesson: string, shown: () => Shown, follow: (shown: Shown) => void) {
    this.#channel = new BroadcastChannel(`${prefix}present/${lesson}`);
    this.#channel.onmessage = ({ data }: MessageEvent<Told>) => {
      if ('asks' in data) this.tell(shown());
      else follow(data.shown);
    };
    this.#say({ asks: true });
  }

  tell(shown: Shown): void {
    this.#say({ shown });
  }

  #say(told: Told): void {
    this.#channel.postMessage(told);
  }
}
