/** What `npm run build` can be told. */

import { parseArgs } from 'node:util';

const usage = `npm run build                                  the site, into dist/
npm run build -- --out FOLDER                  into another folder; what is in it is replaced
npm run build -- --base /course/ --out FOLDER  to be served from that folder of a host
npm run build -- --site https://example.org    with the whole addresses that a sitemap and a social image take`;

export interface BuildOptions {
  readonly base: string;
  readonly out: string;
  readonly site?: string;
}

/** Throws, with the usage, on what does not exist or makes no sense. */
export function buildOptions(args: string[]): BuildOptions {
  try {
    const known = {
      base: { type: 'string', default: '/' },
      site: { type: 'string' },
      out: { type: 'string', default: 'dist' },
    } as const;
    const { base, site, out } = parseArgs({ args, options: known }).values;
    if (!/^\/(?:[\w.~-]+\/)*$/.test(base)) throw new Error(`--base '${base}': a folder begins and ends in a slash`);
    if (site !== undefined && !isOrigin(site)) throw new Error(`--site '${site}': as https://example.org`);
    if (base !== '/' && out === 'dist') throw new Error('--base: also say --out, for npm start serves dist/ from /');
    if (out === '') throw new Error('--out: into which folder?');
    return { base, out, ...(site !== undefined && { site }) };
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
}

/** Whose folder is told by --base. */
function isOrigin(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && [url.origin, `${url.origin}/`].includes(text);
}
