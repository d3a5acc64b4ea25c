import { expect, test } from 'vitest';
import { hitsIn } from './excerpt.ts';

test.each([
  ['the <mark>mmap_lock</mark> is held', ['the ', '[mmap_lock]', ' is held']],
  ['<mark>a</mark> <mark>b</mark>', ['[a]', ' ', '[b]']],
  ['if (a &lt; b &amp;&amp; &#39;c&#39;) &amp;lt;', ["if (a < b && 'c') &lt;"]],
])('%s', (excerpt, pieces) =>
  expect(hitsIn(excerpt).map(({ text, isHit }) => (isHit ? `[${text}]` : text))).toEqual(pieces),
);
