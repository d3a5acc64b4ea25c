/** When everything else of the site is built: the service worker, with the list of what it keeps. */

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { transform } from 'sucrase';
import type { Version } from '../offline/service-worker.ts';
import { asFolder, ownPrefix } from '../own-prefix.ts';

/** For other sites and their machines, not for readers; and what knows types, which is large, and kept by those who ask for it. */
const notKept = /^(?:social\.png|sitemap\.xml|robots\.txt|service-worker\.js|_astro\/types-worker[^/]*\.js)$/;

export function offline(): AstroIntegration {
  let base = '/';
  return {
    name: 'faultline:offline',
    hooks: {
      'astro:config:done': ({ config }) => {
        base = asFolder(config.base);
      },
      'astro:build:done': ({ dir }) => writeServiceWorker(fileURLToPath(dir), base),
    },
  };
}

/** For what is in the folder now. */
export function writeServiceWorker(folder: string, base: string): void {
  writeFileSync(join(folder, 'service-worker.js'), serviceWorker(base, filesOf(folder)));
}

/** The address of each file below the base, with the hash of its content. A folder's index.html is the folder. */
function filesOf(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => [relative(folder, file).split(sep).join('/'), integrityOf(readFileSync(file))] as const)
    .filter(([path]) => !notKept.test(path))
    .map(([path, integrity]) => [path.replace(/(^|\/)index\.html$/, '$1'), integrity] as const);
  return Object.fromEntries(files.sort());
}

const integrityOf = (content: Buffer): string => `sha256-${createHash('sha256').update(content).digest('base64')}`;

/** The script: another one for each content of the site, and for each way to keep it. */
function serviceWorker(base: string, files: Record<string, string>): string {
  const source = readFileSync(new URL('../offline/service-worker.ts', import.meta.url), 'utf8');
  const { code } = transform(source, { transforms: ['typescript'], disableESTransforms: true });
  const script = code.replaceAll(/^export /gm, '');
  const name = createHash('sha256')
    .update(JSON.stringify([script, files]))
    .digest('hex')
    .slice(0, 12);
  const version: Version = { base, prefix: ownPrefix(base), name, files };
  return `${script}\nkeepOffline(self, ${JSON.stringify(version)});\n`;
}
