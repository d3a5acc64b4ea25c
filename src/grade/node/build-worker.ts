/** Builds the script that grades in a browser. */

import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { projectRoot } from './exercises.ts';
import { faultline } from './vite-plugin.ts';

const entry = fileURLToPath(new URL('../worker/grading-worker.ts', import.meta.url));

/**
 * The text of one classic script, in one function, with the graders of all exercises under `root` (a URL that ends in a slash).
 * Functions keep their names: traces show them.
 */
export async function buildWorker(root = projectRoot): Promise<string> {
  const result = await build({
    configFile: false,
    root: fileURLToPath(projectRoot),
    logLevel: 'warn',
    publicDir: false,
    plugins: [faultline({ root })],
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      target: 'es2024',
      modulePreload: false,
      minify: true,
      lib: { entry, formats: ['iife'], name: 'gradingWorker' }, // it exports nothing, so the name is not used
      rolldownOptions: { output: { keepNames: true, codeSplitting: false } },
    },
  });
  const outputs = [result].flat().flatMap((each) => ('output' in each ? each.output : []));
  const [script, ...others] = outputs;
  if (script?.type !== 'chunk' || others.length > 0)
    throw new Error('the grading worker must be built into one script');
  return script.code;
}
