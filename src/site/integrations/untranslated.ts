/** Names in code are Linux's own: whatever translates the page must leave them, or nobody could look them up. */

import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';

export function untranslated(): AstroIntegration {
  return {
    name: 'faultline:untranslated',
    hooks: {
      'astro:build:done': ({ dir }) => {
        const folder = fileURLToPath(dir);
        for (const file of globSync('**/*.html', { cwd: folder })) {
          const path = join(folder, file);
          writeFileSync(path, withCodeUntranslated(readFileSync(path, 'utf8')));
        }
      },
    },
  };
}

/** What stands within a block of code needs no mark of its own, nor do operations, which stand in lanes. */
export const withCodeUntranslated = (html: string): string =>
  html.replace(
    /(<script\b[\s\S]*?<\/script>|<pre\b)|<code(?=>| class="command")/g,
    (found, other: string | undefined) => {
      if (other === undefined) return '<code translate="no"';
      return other.startsWith('<pre') ? '<pre translate="no"' : found;
    },
  );
