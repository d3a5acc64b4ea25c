/** What comes with the kit as serve.mjs: `node serve.mjs [port]`. Any Node from 18.2 on runs it, and nothing need be installed. */

import { fileURLToPath } from 'node:url';
import { portIn, serveAndTell } from '../serve-and-tell.ts';

try {
  const [text = '8000'] = process.argv.slice(2);
  const site = fileURLToPath(new URL('site', import.meta.url));
  await serveAndTell(site, { port: portIn(text), host: true });
  console.log(
    'Other machines take an address that is not 127.0.0.1. With ready/ behind it, their browser tests itself.',
  );
  console.log('Ctrl-C closes it.');
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\n\nnode serve.mjs [port], as: node serve.mjs 8000`);
  process.exitCode = 1;
}
