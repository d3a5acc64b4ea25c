import mdx from '@astrojs/mdx';
import { defineConfig } from 'astro/config';
import { shikiConfig } from './src/site/highlight.ts';
import { gradingScript } from './src/site/integrations/grading-script.ts';
import { offline } from './src/site/integrations/offline.ts';
import { recordings } from './src/site/integrations/recordings.ts';
import { searchIndex } from './src/site/integrations/search-index.ts';
import { sitemap } from './src/site/integrations/sitemap.ts';
import { untranslated } from './src/site/integrations/untranslated.ts';

export default defineConfig({
  srcDir: './src/site',
  publicDir: './src/site/public',
  trailingSlash: 'always',
  // Lossless: the default drops the space between two inline elements that stand on lines of their own.
  compressHTML: true,
  devToolbar: { enabled: false },
  // What keeps the site offline comes last: it lists what all the others have made.
  integrations: [mdx(), gradingScript(), recordings(), untranslated(), searchIndex(), sitemap(), offline()],
  markdown: { shikiConfig },
  // Nothing inline, so that the pages' content security policy (src/site/policy.ts) can forbid it.
  build: { inlineStylesheets: 'never' },
  vite: {
    // The worker that plays schedules: its traces name functions.
    worker: { format: 'es', rolldownOptions: { output: { keepNames: true } } },
    build: {
      assetsInlineLimit: 0,
      // TypeScript, for whoever asks for types. What every page loads is weighed in tests/browser/size.test.ts.
      chunkSizeWarningLimit: 7000,
      // The first versions with light-dark(): for older ones the minifier would write every colour out twice.
      cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
      rolldownOptions: {
        onLog(level, log, report) {
          // Astro's own mark on MDX modules, which only Astro reads.
          if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log);
        },
      },
    },
  },
});
