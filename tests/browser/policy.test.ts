/** Every built page's own policy, and whether the page needs nothing that the policy forbids. Reads files: no browser. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dist, pages } from './site.ts';

const htmlOf = (path: string): string => readFileSync(join(dist, path.replace(/\/$/, '/index.html')), 'utf8');

/** The directives, by name. Throws if there is not exactly one policy. */
function policyOf(html: string): Map<string, string[]> {
  const found = [...html.matchAll(/<meta http-equiv="content-security-policy" content="([^"]*)"/gi)];
  if (found.length !== 1) throw new Error(`${found.length} policies`);
  const text = (found[0]?.[1] ?? '').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
  return new Map(
    text.split('; ').map((directive) => {
      const [name = '', ...sources] = directive.split(' ');
      return [name, sources];
    }),
  );
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

describe.each(pages())('%s', (path) => {
  const html = htmlOf(path);
  const policy = policyOf(html);
  const isSearch = path === '/search/';

  test('allows what is its own, by address or by hash, and no more', () => {
    expect(policy.get('default-src')).toEqual(["'none'"]);
    expect(policy.get('connect-src')).toEqual(["'self'"]);
    expect(policy.get('style-src')).toEqual(["'self'"]);
    expect(policy.get('worker-src')).toEqual(["'self'", 'blob:']);
    for (const name of ['base-uri', 'object-src', 'form-action']) expect(policy.get(name), name).toEqual(["'none'"]);
    const scripts = policy.get('script-src')?.filter((source) => !source.startsWith("'sha256-"));
    expect(scripts).toEqual(["'self'", 'blob:', ...(isSearch ? ["'wasm-unsafe-eval'"] : [])]);
    const others = [...policy.values()].flat().filter((source) => /^[^']|unsafe/.test(source));
    expect(others.filter((source) => !['blob:', 'data:', "'wasm-unsafe-eval'"].includes(source))).toEqual([]);
  });

  test('has a hash for each inline script, no inline style and no inline handler', () => {
    const inline = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
      ([, text]) => text ?? '',
    );
    expect(inline.length).toBeGreaterThan(0);
    expect(policy.get('script-src')).toEqual(expect.arrayContaining(inline.map(hashOf)));
    const tags = [...html.replaceAll(/<script[\s\S]*?<\/script>/g, '').matchAll(/<[a-z][^>]*>/g)].map(([tag]) => tag);
    expect(tags.filter((tag) => /^<style|\sstyle=|\son[a-z]+=/.test(tag))).toEqual([]);
  });

  test('comes before all that it is for, and the page asks nobody else for anything', () => {
    expect(html.indexOf('http-equiv')).toBeLessThan(html.search(/<(?:script|link|style)\b/));
    const asked = [...html.matchAll(/<(?:script|img|iframe|source)[^>]*\ssrc="([^"]*)"|<link[^>]*\shref="([^"]*)"/g)];
    expect(asked.map(([, src, href]) => src ?? href ?? '').filter((address) => !address.startsWith('/'))).toEqual([]);
  });
});
