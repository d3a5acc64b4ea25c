/** What a slide says of a game that a page does not: how a remote plays it, and how one gets on from it. */

import { nextSlide } from './two-buttons.ts';

const before = '<small>Remote: forward begins. Keys: a CPU’s letter begins, → passes by.</small>';

const within =
  'Remote: back marks the next button, forward presses it. Keys: a CPU’s letter moves it, with Shift as far as it can; <kbd>u</kbd> undoes.';

const leaving = `<button type="button" data-ask="${nextSlide}">Next slide</button>
  <button type="button" data-ask="previousSlide">Previous slide</button>`;

/** Before it has begun. */
export function tellBefore(game: HTMLElement): void {
  game.querySelector('[data-part=begin]')?.insertAdjacentHTML('beforeend', ` ${before}`);
}

/** Within it, once. */
export function tellWithin(game: HTMLElement): void {
  const told = game.querySelector('.keys-told:not(:has(button))');
  if (told) told.innerHTML = `<span class="act">${leaving}</span> <span>${within}</span>`;
}
