import { expect, test } from 'vitest';
import { isUnlisted, robotsOf, sitemapOf } from './sitemap.ts';

test('robots are led to the sitemap by its whole address, and may read everything', () => {
  expect(robotsOf(new URL('https://example.org/'))).toBe(
    'User-agent: *\nAllow: /\nSitemap: https://example.org/sitemap.xml\n',
  );
});

test('addresses stand in order, and as XML wants them', () => {
  const map = sitemapOf(new URL('https://example.org/c/'), ['b/', 'a/?x=1&y']);
  expect([...map.matchAll(/<loc>(.*)<\/loc>/g)].map(([, address]) => address)).toEqual([
    'https://example.org/c/a/?x=1&amp;y',
    'https://example.org/c/b/',
  ]);
});

test('pages that nobody looks for are left out: slides say what their lesson says', () => {
  const paths = ['', 'lessons/a/', '404/', 'search/', 'present/a/', 'present/a/notes/', 'presentation/'];
  expect(paths.filter((path) => !isUnlisted(path))).toEqual(['', 'lessons/a/', 'presentation/']);
});
