/**
 * A text that came with a link: shown apart from the learner's own, never stored, never run by itself, and never counted, until it
 * is taken over. The learner's own draft stays as it is meanwhile.
 */

import { benchAddress } from '../links.ts';
import { html } from '../stepper/html.ts';
import { keepCopy, loadDraft, storeDraft } from '../workbench/drafts.ts';
import { BadLink, isShareLink, readFragment, type Shared } from './link.ts';

export interface LinkedBench {
  /** What the learner has written, or the starter. */
  own(): string;
  show(text: string): void;
  text(): string;
  tell(text: string): void;
}

export class Linked {
  readonly #root: HTMLElement;
  readonly #exercise: string;
  readonly #bench: LinkedBench;
  #shared: Shared | undefined;

  constructor(root: HTMLElement, exercise: string, bench: LinkedBench) {
    this.#root = root;
    this.#exercise = exercise;
    this.#bench = bench;
    addEventListener('hashchange', () => void this.open());
    root.addEventListener('click', ({ target }) => {
      const act = (target as Element).closest<HTMLElement>('[data-linked-do]')?.dataset.linkedDo;
      if (act === 'keep') this.#keep();
      else if (act === 'leave') this.leave();
    });
  }

  /** A text from a link is in the editor. */
  get isOpen(): boolean {
    return this.#shared !== undefined;
  }

  /** Of the interleaving that the link shows, if it shows one. */
  get schedule(): string | undefined {
    return this.#shared?.schedule;
  }

  /** Opens what the page's address brings, if it brings something. */
  async open(): Promise<void> {
    if (!isShareLink(location.hash)) return;
    try {
      const shared = await readFragment(location.hash);
      if (shared.exercise !== this.#exercise) return this.#pointTo(shared);
      this.#shared = shared;
      this.#bench.show(shared.code);
      this.#root.dataset.linked = '';
      this.#say(
        html`This text came with a link. Nothing of it runs until you press Run, and your own text stays as it is.
        <button type="button" class="quiet" data-linked-do="keep">Keep it as mine</button> <button type="button" class="quiet" data-linked-do="leave">Back to my own</button>`
          .text,
      );
    } catch (error) {
      if (!(error instanceof BadLink)) throw error;
      this.#say(html`${error.message}`.text);
      forgetAddress();
    }
  }

  /** Back to the learner's own text. */
  leave(): void {
    this.#shared = undefined;
    this.#end();
    this.#bench.show(this.#bench.own());
    this.#bench.tell('Your own text is back.');
  }

  #keep(): void {
    const text = this.#bench.text();
    const mine = loadDraft(this.#exercise);
    const copy = mine === undefined || mine === text ? '' : keepCopy(this.#exercise, new Date());
    if (copy === undefined || !storeDraft(this.#exercise, text)) {
      this.#bench.tell(
        'There is no room for it in this browser: your own text stays as it is. Copy this one elsewhere.',
      );
      return;
    }
    this.#shared = undefined;
    this.#end();
    this.#bench.tell(copy ? `It is yours now. What you had is kept as ${copy}.` : 'It is yours now.');
  }

  #pointTo({ exercise }: Shared): void {
    const to = benchAddress(exercise) + location.hash;
    this.#say(html`This link is for another exercise: <a href="${to}">open it there</a>.`.text);
  }

  #end(): void {
    delete this.#root.dataset.linked;
    this.#root.querySelector('.linked')?.remove();
    forgetAddress();
  }

  #say(markup: string): void {
    const place = this.#root.querySelector('.linked') ?? document.createElement('p');
    place.className = 'linked';
    place.setAttribute('role', 'status');
    place.innerHTML = markup;
    this.#root.querySelector('.results')?.prepend(place);
  }
}

/** So that a reload, or a bookmark, does not bring it again. */
const forgetAddress = () => history.replaceState(history.state, '', location.pathname + location.search);
