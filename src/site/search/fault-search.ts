import { base } from '../base.ts';
import { type Found, openIndex, type SearchIndex } from './pagefind.ts';

/** Milliseconds without another letter until the search begins. */
const pause = 120;

const unloaded = import.meta.env.DEV
  ? 'While one works on the pages they have no index: npm start builds it.'
  : 'The index of this site could not be loaded. Reload the page to try again.';

/** <fault-search>: finds while one types; the address says what was looked for, so that one can come back to it. */
class FaultSearch extends HTMLElement {
  readonly #input = this.querySelector<HTMLInputElement>('input');
  readonly #found = this.querySelector<HTMLElement>('[data-part=found]');
  readonly #results = this.querySelector<HTMLElement>('[data-part=results]');
  #index: Promise<SearchIndex> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts the searches: an answer that comes after the next question is dropped. */
  #asked = 0;

  connectedCallback(): void {
    const input = this.#input;
    if (!input) return;
    // Somebody may have typed before the script came.
    input.value ||= new URLSearchParams(location.search).get('q') ?? '';
    input.addEventListener('input', () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.#search(), pause);
    });
    this.querySelector('form')?.addEventListener('submit', (event) => {
      event.preventDefault();
      clearTimeout(this.#timer);
      void this.#search();
    });
    if (input.value) void this.#search();
  }

  async #search(): Promise<void> {
    const query = this.#input?.value.trim() ?? '';
    this.#asked += 1;
    const asked = this.#asked;
    history.replaceState(history.state, '', query ? `?q=${encodeURIComponent(query)}` : location.pathname);
    try {
      this.#index ??= openIndex(base);
      const found = query ? await (await this.#index).find(query) : undefined;
      if (asked === this.#asked) this.#show(query, found);
    } catch {
      this.#index = undefined;
      if (asked === this.#asked) this.#say(unloaded);
    }
  }

  #show(query: string, found: readonly Found[] | undefined): void {
    this.#results?.replaceChildren(...(found ?? []).map(itemOf));
    if (!found) this.#say('');
    else if (found.length === 0) this.#say(`Nothing about “${query}”.`);
    else this.#say(found.length === 1 ? 'One page.' : `${found.length} pages.`);
  }

  #say(text: string): void {
    if (this.#found) this.#found.textContent = text;
  }
}

function itemOf({ title, url, places }: Found): HTMLElement {
  const item = document.createElement('li');
  const heading = document.createElement('h2');
  heading.append(linkOf(title, url));
  item.append(heading, ...places.map(placeOf));
  return item;
}

function placeOf({ title, url, excerpt }: Found['places'][number]): HTMLElement {
  const place = document.createElement('div');
  place.className = 'place';
  if (title) place.append(linkOf(title, url));
  const text = document.createElement('p');
  text.append(
    ...excerpt.map(({ text: words, isHit }) => {
      if (!isHit) return words;
      const mark = document.createElement('mark');
      mark.textContent = words;
      return mark;
    }),
  );
  place.append(text);
  return place;
}

function linkOf(text: string, url: string): HTMLAnchorElement {
  const link = document.createElement('a');
  link.href = url;
  link.textContent = text;
  return link;
}

customElements.define('fault-search', FaultSearch);
