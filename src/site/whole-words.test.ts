import { describe, expect, test } from 'vitest';
import { inlineHtml } from './inline.ts';
import { withWholeWords } from './whole-words.ts';

const whole = (word: string) => `<span class="whole">${word}</span>`;

describe('withWholeWords', () => {
  test.each([
    ['-&gt;fault', whole('-&gt;fault')],
    ['vma = vmf-&gt;vma', `vma = ${whole('vmf-&gt;vma')}`],
    ['pcie-bus', whole('pcie-bus')],
    ['-ENOMEM', whole('-ENOMEM')],
    ['npm run grade -- what-was-merged', `npm run grade ${whole('--')} ${whole('what-was-merged')}`],
    ['a - b', 'a - b'],
    ['io_remap_pfn_range', 'io_remap_pfn_range'],
  ])('%s', (code, expected) => expect(withWholeWords(`<code>${code}</code>`)).toBe(`<code>${expected}</code>`));

  test.each([
    '<pre><code>vma-&gt;vm_start</code></pre>',
    '<p>a well-known thing</p>',
    '<code>a-path/that/is/longer/than-a-phone-is-wide.c</code>',
  ])('leaves %s', (html) => expect(withWholeWords(html)).toBe(html));
});

test('texts in properties too', () =>
  expect(inlineHtml('calls `->fault`')).toBe(`calls <code>${whole('-&gt;fault')}</code>`));
