/** Links that open a text in the page's workbench, as src/site/share/link.ts reads them. */

import { deflateRawSync } from 'node:zlib';
import { ownRaceId } from '#grade/own-race-id';
import { SITE } from './where-to-read.ts';

// Browsers take more; whoever has to copy it does not.
const LONGEST = 16_000;

/** The site's address that `npm start` serves, unless the command or FAULTLINE_SITE names another. Throws for what is none. */
export function siteAddress(named: string | undefined, env = process.env): string {
  const text = named ?? env.FAULTLINE_SITE ?? SITE;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new Error(`--site takes the address of a site, such as https://example.org/course/, not "${text}".`);
  return `${url.origin}${url.pathname}`.replace(/\/$/, '');
}

/** A link to that program, at this schedule; undefined where it would be too long to be copied. */
export function ownRaceLink(site: string, code: string, schedule: string | undefined): string | undefined {
  const shared = { exercise: ownRaceId, code, ...(schedule === undefined ? {} : { schedule }) };
  const data = deflateRawSync(JSON.stringify(shared)).toString('base64url');
  const link = `${site}/${ownRaceId}/#share=1.${data}`;
  return link.length > LONGEST ? undefined : link;
}
