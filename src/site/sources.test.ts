import { expect, test } from 'vitest';
import { withSources } from './sources.ts';

test.each([
  ['<em>Source: <code>insert_pfn</code>, Linux 6.1</em>', '<code>insert_pfn</code>, Linux 6.1'],
  ['<em>Source: kvm list, 2021-03-09.</em>', 'kvm list, 2021-03-09'],
])('%s is a source', (html, where) =>
  expect(withSources(`<p>So. ${html}</p>`)).toBe(
    `<p>So. <cite><span class="visually-hidden">Source: </span>${where}</cite></p>`,
  ),
);

test('another emphasis is none', () =>
  expect(withSources('<em>The source: here</em>')).toBe('<em>The source: here</em>'));
