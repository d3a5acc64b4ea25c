/**
 * The sandboxed frame's document and policy, and what the page's policy must allow for it. Node only, at build time:
 * document and hashes come from one string.
 */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { transform } from 'sucrase';

export interface Policies {
  /** The frame's whole document, for `srcdoc`. */
  readonly frameDocument: string;
  /** A srcdoc frame and its worker inherit the page's policy, so it must allow what the frame does. */
  readonly pageSources: { readonly script: string; readonly worker: string };
}

/** The frame may run its own script, and workers and scripts made from blobs of its own opaque origin. Nothing else. */
const frameRules = (hash: string): string =>
  ["default-src 'none'", `script-src '${hash}' blob:`, 'worker-src blob:'].join('; ');

/** Reads the frame's script and builds everything that depends on it. */
export function policies(): Policies {
  const source = readFileSync(new URL('./frame.ts', import.meta.url), 'utf8');
  const script = withoutComments(transform(source, { transforms: ['typescript'], disableESTransforms: true }).code);
  const hash = `sha256-${createHash('sha256').update(script).digest('base64')}`;
  const policy = `<meta http-equiv="Content-Security-Policy" content="${frameRules(hash)}">`;
  return {
    frameDocument: `<!doctype html>${policy}<script>${script}</script>`,
    pageSources: { script: `'${hash}' blob:`, worker: 'blob:' },
  };
}

const withoutComments = (code: string): string => code.replace(/^\/\*\*[\s\S]*?\*\//, '').trim();
