/** `npm start`: builds the site if it is missing or older than its sources, serves it, and prints where. */

import { parseArgs } from 'node:util';
import { builtSite } from './built-site.ts';
import { type Opening, portIn, serveAndTell } from './serve-and-tell.ts';

const usage = `npm start                      open the course: http://127.0.0.1:4321/, or the next free port
npm start -- --port 8000       begin looking for a free port there
npm start -- --host            let other machines of this network open it too`;

/** Throws, with the usage, on an option that does not exist or makes no sense. */
function options(): Opening {
  try {
    const known = { port: { type: 'string', default: '4321' }, host: { type: 'boolean', default: false } } as const;
    const { values } = parseArgs({ options: known });
    return { port: portIn(values.port), host: values.host };
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
}

try {
  const opening = options();
  await serveAndTell(builtSite(), opening);
  console.log('Ctrl-C closes it.');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
