/** When the pages are built: Pagefind's index of them. Only its engine and its data; what one sees of it is ours. */

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { close, createIndex } from 'pagefind';

/** Pages have their content in an element with `data-pagefind-body`; of that, these say nothing. Forms it leaves out by itself. */
const left = ['.bench', '.to-bench', '.anchor', 'fault-stepper', 'nav', 'noscript'];

const needed = /^pagefind(?:-worker)?\.js$|^pagefind-entry\.json$|\.pf_(?:meta|index|fragment)$|^wasm\.en\.pagefind$/;

export function searchIndex(): AstroIntegration {
  return {
    name: 'faultline:search-index',
    hooks: {
      'astro:build:done': ({ dir }) => writeIndex(fileURLToPath(dir)),
    },
  };
}

async function writeIndex(site: string): Promise<void> {
  const { index, errors } = await createIndex({ excludeSelectors: left });
  if (!index) throw new Error(errors.join('\n'));
  try {
    const added = await index.addDirectory({ path: site });
    const { files, errors: unwritten } = await index.getFiles();
    refuse([...added.errors, ...unwritten]);
    for (const { path, content } of files.filter((each) => needed.test(each.path))) {
      const file = join(site, 'pagefind', path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
    }
  } finally {
    await close();
  }
}

function refuse(errors: readonly string[]): void {
  if (errors.length > 0) throw new Error(`the pages could not be indexed: ${errors.join('; ')}`);
}
