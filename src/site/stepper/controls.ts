/** The stepper's buttons, its slider, and its keys. */

import { html, type Markup } from './html.ts';
import { letterKeysAreOn } from './letter-keys.ts';

const shapes = {
  first: 'M4 3v10M12.5 3.5 7 8l5.5 4.5z',
  back: 'M10.5 3.5 5 8l5.5 4.5z',
  forward: 'M5.5 3.5 11 8l-5.5 4.5z',
  last: 'M3.5 3.5 9 8l-5.5 4.5zM12 3v10',
  over: 'M2.5 11.5v-2a5 5 0 0 1 10 0v2M10 9l2.5 2.5L15 9M7.5 12.5h.01',
  switch: 'M3 5h9.5M10 2.5 12.5 5 10 7.5M13 11H3.5M6 8.5 3.5 11 6 13.5',
  play: 'M4 3v10l9-5z',
  pause: 'M5 3v10M11 3v10',
};

const icon = (name: keyof typeof shapes): Markup =>
  html`<svg viewBox="0 0 16 16" aria-hidden="true" class="${name}"><path d="${shapes[name]}"/></svg>`;

const button = (go: keyof typeof shapes, name: string, key: string): Markup =>
  html`<button type="button" data-go="${go}" aria-label="${name}" title="${name} (${key})">${icon(go)}${go === 'play' && icon('pause')}</button>`;

/** A switch of the keys' panel opens it: without an id, since there may be many steppers. */
export const controls = html`
  ${button('first', 'First', 'Home')}${button('back', 'Back', '←')}${button('forward', 'Forward', '→')}${button('last', 'Last', 'End')}
  ${button('over', 'Over the function', 'o')}${button('switch', 'To the next switch', 's')}${button('play', 'Play', 'p')}
  <input type="range" min="0" value="0" step="1" aria-label="Step">
  <output></output>
  <button type="button" data-keys aria-label="Keys" title="Keys">?</button>
  <p class="visually-hidden" role="status"></p>`;

/** What a key does. */
const always: Readonly<Record<string, string>> = {
  ArrowRight: 'forward',
  ArrowDown: 'forward',
  ArrowLeft: 'back',
  ArrowUp: 'back',
  Home: 'first',
  End: 'last',
};
const letters: Readonly<Record<string, string>> = { o: 'over', s: 'switch', p: 'play' };

/** What this key press asks of the stepper, if anything. */
export function askedBy(event: KeyboardEvent): string | undefined {
  const { key, altKey, ctrlKey, metaKey, shiftKey } = event;
  // The slider has keys of its own, and what is said of the moment can be scrolled.
  if (altKey || ctrlKey || metaKey || shiftKey || (event.target as Element).matches('input, .now')) return undefined;
  return always[key] ?? (letterKeysAreOn() ? letters[key] : undefined);
}

/** Written when it is opened: another stepper may have turned the letters off. */
export const keysPanel = (): Markup => html`<p class="title">Keys, while the focus is in here</p>
  <dl><div><dt>→ ←</dt><dd>one step</dd></div><div><dt>Home End</dt><dd>first, last</dd></div>
  <div><dt>o</dt><dd>over the function</dd></div><div><dt>s</dt><dd>to the next switch</dd></div>
  <div class="plays"><dt>p</dt><dd>play, pause</dd></div></dl>
  <label><input type="checkbox" data-letters ${letterKeysAreOn() && 'checked'}> Letters work</label>`;
