/** The pages' content security policy, and the inline scripts that it lets through. Runs while the site is built. */

import { createHash } from 'node:crypto';
import { pageSources } from 'virtual:faultline/sandbox';
import { base } from './base.ts';
import { benchShareKey, themeKey } from './keys.ts';

/** Before the first paint, so that a remembered theme does not flash. Storage may be forbidden: then nothing was remembered. */
export const themeScript = `try{const t=localStorage.getItem('${themeKey}');if(t)document.documentElement.dataset.theme=t}catch{}`;

/** Before the first paint, so that a remembered width of the workbench does not jump. What is no such width is not taken. */
export const shareScript = `try{const s=+localStorage.getItem('${benchShareKey}');if(s>=30&&s<=75)document.documentElement.style.setProperty('--bench-share',s+'%')}catch{}`;

/** The only thing that runs in a page opened as a file: it shows how to open it otherwise. */
export const fromFileScript = `if(location.protocol==='file:')document.getElementById('from-file').hidden=false`;

/** Where the browser knows these rules, a page is fetched when a link to it is about to be followed. */
export const speculationRules = JSON.stringify({
  prefetch: [{ where: { href_matches: `${base}*`, relative_to: 'document' }, eagerness: 'moderate' }],
});

const inlineScripts = [themeScript, shareScript, fromFileScript, speculationRules].map(
  (script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
);

/** `searches`: for the page that runs Pagefind, which is WebAssembly. */
export const pagePolicy = ({ searches = false } = {}): string =>
  [
    "default-src 'none'",
    // The sandboxed frame inherits this policy and narrows it by its own: what it needs must be here too.
    `script-src 'self' ${inlineScripts.join(' ')} ${pageSources.script}${searches ? " 'wasm-unsafe-eval'" : ''}`,
    // Our own: the one that keeps the course, and the one that plays a puzzle's schedules.
    `worker-src 'self' ${pageSources.worker}`,
    "style-src 'self'",
    // CodeMirror draws its underlines with data: images.
    "img-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
