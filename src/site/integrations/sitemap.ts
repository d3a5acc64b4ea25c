/**
 * A sitemap, which holds whole addresses: made only where the build is told where the site will be. Robots look for what leads to it at
 * the top of an origin alone.
 */

import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { asFolder } from '../own-prefix.ts';

/** Pages that nobody looks for: a lesson's slides say what the lesson says. */
export const isUnlisted = (path: string): boolean => /^(?:404|search|present)\//.test(path);

export function sitemap(): AstroIntegration {
  let top: URL | undefined;
  return {
    name: 'faultline:sitemap',
    hooks: {
      'astro:config:done': ({ config }) => {
        top = config.site ? new URL(asFolder(config.base), config.site) : undefined;
      },
      'astro:build:done': ({ dir, pages }) => {
        if (!top) return;
        const paths = pages.map(({ pathname }) => pathname).filter((path) => !isUnlisted(path));
        writeFileSync(fileURLToPath(new URL('sitemap.xml', dir)), sitemapOf(top, paths));
        if (top.pathname === '/') writeFileSync(fileURLToPath(new URL('robots.txt', dir)), robotsOf(top));
      },
    },
  };
}

export const robotsOf = (top: URL): string => `User-agent: *\nAllow: /\nSitemap: ${new URL('sitemap.xml', top).href}\n`;

export function sitemapOf(top: URL, paths: readonly string[]): string {
  const urls = paths.toSorted().map((path) => `  <url><loc>${escaped(new URL(path, top).href)}</loc></url>\n`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${urls.join('')}</urlset>
`;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
