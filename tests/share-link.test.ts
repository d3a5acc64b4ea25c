/** The terminal writes links that the page reads. */

import { expect, test } from 'vitest';
import { ownRaceLink } from '../src/cli/share-link.ts';
import { readFragment } from '../src/site/share/link.ts';

const fragmentOf = (link = '') => new URL(link).hash;

test('a link of the terminal’s brings text and schedule to the page', async () => {
  const code = '// häßlich 日本 “x”\nexport {};\n';
  const schedule = '1.holds.1.0123abcd~A3';
  const link = ownRaceLink('https://example.org/course', code, schedule);
  expect(link).toMatch(/^https:\/\/example\.org\/course\/your-own-race\/#share=1\.[\w-]+$/);
  expect(await readFragment(fragmentOf(link))).toEqual({ exercise: 'your-own-race', code, schedule });
  const bare = ownRaceLink('http://x', code, undefined);
  expect(await readFragment(fragmentOf(bare))).toEqual({ exercise: 'your-own-race', code });
});

test('there is none to a program that is longer than anybody would copy', () => {
  const code = Array.from({ length: 20_000 }, (_, i) => `// ${(i * 7919) % 100_003}`).join('\n');
  expect(ownRaceLink('http://x', code, undefined)).toBeUndefined();
});
