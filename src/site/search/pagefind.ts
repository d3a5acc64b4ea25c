/** Pagefind, as it lies beside the pages: what is used of it, and what it finds in a form of our own. */

import { hitsIn, type Piece } from './excerpt.ts';

interface PagefindPlace {
  readonly title: string;
  readonly url: string;
  readonly excerpt: string;
}

interface PagefindPage {
  readonly url: string;
  readonly excerpt: string;
  readonly meta: { readonly title?: string };
  // biome-ignore lint/style/useNamingConvention: Pagefind's own name.
  readonly sub_results: readonly PagefindPlace[];
}

interface Pagefind {
  search(query: string): Promise<{ readonly results: readonly { data(): Promise<PagefindPage> }[] }>;
}

/** A page that has what was looked for. */
export interface Found {
  readonly title: string;
  readonly url: string;
  /** Where in it, at most three; the first may be the page's own beginning, which has no title. */
  readonly places: readonly { readonly title: string; readonly url: string; readonly excerpt: readonly Piece[] }[];
}

export interface SearchIndex {
  /** The pages that fit, the best first. */
  find(query: string): Promise<readonly Found[]>;
}

const placesOfAPage = 3;

/** Loads Pagefind. Throws where there is none: in development. */
export async function openIndex(folder: string): Promise<SearchIndex> {
  const pagefind = (await import(/* @vite-ignore */ `${folder}pagefind/pagefind.js`)) as Pagefind;
  return {
    async find(query) {
      const { results } = await pagefind.search(query);
      return Promise.all(results.map(async (result) => foundOf(await result.data())));
    },
  };
}

function foundOf(page: PagefindPage): Found {
  const title = page.meta.title ?? page.url;
  const places = page.sub_results.slice(0, placesOfAPage).map((place) => ({
    title: place.title === title ? '' : place.title,
    url: place.url,
    excerpt: hitsIn(place.excerpt),
  }));
  return { title, url: page.url, places };
}
