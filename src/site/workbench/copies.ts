/** The texts of an exercise that were put aside: to look at one, to go on with it, or to delete it. */

import { adopt } from '../adopt.ts';
import { html, type Markup } from '../stepper/html.ts';
import { coloured } from './coloured.ts';
import styles from './copies.css?inline';
import { type Copy, copiesOf, deleteCopy } from './drafts.ts';

export class Copies {
  readonly #exercise: string;
  readonly #restore: (text: string) => void;
  readonly #button = document.createElement('button');
  readonly #dialog = document.createElement('dialog');

  /** `acts`: where the button has its place. `restore`: goes on with this text, which may not be the last one's end. */
  constructor(acts: Element, exercise: string, restore: (text: string) => void) {
    this.#exercise = exercise;
    this.#restore = restore;
    adopt(styles);
    Object.assign(this.#button, { type: 'button', className: 'quiet copies' });
    this.#button.ariaHasPopup = 'dialog';
    this.#dialog.className = 'copies-kept';
    this.#dialog.setAttribute('aria-labelledby', 'copies-kept');
    acts.append(this.#button);
    acts.after(this.#dialog);
    this.#button.addEventListener('click', () => this.#open());
    this.#dialog.addEventListener('click', (event) => this.#clicked(event.target as Element));
    this.#dialog.addEventListener('close', () => this.refresh());
    // Another tab may have put one aside.
    addEventListener('storage', () => this.refresh());
    this.refresh();
  }

  /** Says how many there are; with none there is no button. */
  refresh(): void {
    const count = copiesOf(this.#exercise).length;
    this.#button.hidden = count === 0;
    this.#button.textContent = count === 1 ? '1 kept copy' : `${count} kept copies`;
  }

  #open(): void {
    this.#draw();
    this.#dialog.showModal();
  }

  #draw(): void {
    this.#dialog.innerHTML = markup(copiesOf(this.#exercise)).text;
  }

  #clicked(target: Element): void {
    const button = target.closest<HTMLButtonElement>('button');
    const name = button?.closest<HTMLElement>('[data-copy]')?.dataset.copy;
    if (button?.dataset.act === 'close') this.#dialog.close();
    if (button?.dataset.act === 'restore' && name) this.#goOnWith(name);
    if (button?.dataset.act === 'delete' && name) this.#delete(button, name);
  }

  #goOnWith(name: string): void {
    const copy = copiesOf(this.#exercise).find((each) => each.name === name);
    this.#dialog.close();
    if (copy) this.#restore(copy.text);
  }

  /** There is no way back from it, so it takes two clicks. */
  #delete(button: HTMLButtonElement, name: string): void {
    if (button.dataset.sure === undefined) {
      button.dataset.sure = '';
      button.textContent = 'Yes, delete';
      return;
    }
    deleteCopy(name);
    this.#draw();
    if (copiesOf(this.#exercise).length === 0) this.#dialog.close();
    else this.#dialog.querySelector<HTMLElement>('summary')?.focus();
  }
}

const markup = (copies: readonly Copy[]): Markup => html`
  <h3 id="copies-kept">Kept copies</h3>
  <p>Texts of yours that were put aside: by a reset, by another tab, or by an import. They stay in this browser.</p>
  <ul>${copies.map(
    (copy) => html`<li data-copy="${copy.name}">
      <details name="copies-kept"><summary>${titleOf(copy)}</summary><pre class="code" tabindex="0"><code>${coloured(copy.text.trimEnd())}</code></pre></details>
      <p class="acts"><button type="button" data-act="restore" aria-label="Go on with it: ${titleOf(copy)}">Go on with it</button>
      <button type="button" class="quiet" data-act="delete">Delete</button></p>
    </li>`,
  )}</ul>
  <p class="acts"><button type="button" data-act="close">Close</button></p>`;

/** When, in the reader's own time and words, and how much. */
function titleOf({ name, date, text }: Copy): string {
  const when = date?.toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' }) ?? name;
  const lines = text.trimEnd().split('\n').length;
  return `${when}, ${lines} ${lines === 1 ? 'line' : 'lines'}`;
}
