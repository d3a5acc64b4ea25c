/** Builds the kit's server out of the one that `npm start` has: one file, which needs Node and nothing else. */

import { join } from 'node:path';
import { build } from 'vite';

/** The text of serve.mjs. */
export async function serverScript(): Promise<string> {
  const result = await build({
    configFile: false,
    root: import.meta.dirname,
    logLevel: 'warn',
    publicDir: false,
    build: { ssr: join(import.meta.dirname, 'server.ts'), write: false, target: 'node18', minify: false },
  });
  const [script, ...others] = [result].flat().flatMap((each) => ('output' in each ? each.output : []));
  if (script?.type !== 'chunk' || others.length > 0) throw new Error('the kit’s server must be built into one file');
  return script.code;
}
