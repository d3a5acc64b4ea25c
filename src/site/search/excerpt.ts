/** A piece of an excerpt: words that were looked for, or what stands between them. */
export interface Piece {
  readonly text: string;
  readonly isHit: boolean;
}

const entities: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&amp;': '&',
};

/** Pagefind's excerpt is escaped text in which the words looked for stand in `<mark>`. Taken apart, it needs no innerHTML. */
export function hitsIn(excerpt: string): Piece[] {
  return excerpt
    .split(/<mark>(.*?)<\/mark>/s)
    .map((text, at) => ({ text: unescaped(text), isHit: at % 2 === 1 }))
    .filter(({ text }) => text !== '');
}

const unescaped = (text: string): string =>
  text.replace(/&(?:lt|gt|quot|#39|amp);/g, (entity) => entities[entity] ?? '');
