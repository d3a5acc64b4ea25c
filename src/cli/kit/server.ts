/** What comes with the kit as serve.mjs. Any Node from 18.2 on runs it, and nothing need be installed. */

import { fileURLToPath } from 'node:url';
import { portIn, serveAndTell } from '../serve-and-tell.ts';

const USAGE = `node serve.mjs [PORT]

Serves the folder "site" beside it to every browser of this network, and prints under which addresses.
  PORT   where to begin, 8000 if none is given: the first free port from there on is taken
Ctrl-C closes it. What to do the night before and on the day: READ-ME-FIRST.txt.`;

async function serveSite(text = '8000'): Promise<void> {
  const site = fileURLToPath(new URL('site', import.meta.url));
  await serveAndTell(site, { port: portIn(text), host: true });
  console.log(
    'Other machines take an address that is not 127.0.0.1. With ready/ behind it, their browser tests itself.',
  );
  console.log('Ctrl-C closes it.');
}

const [argument] = process.argv.slice(2);
if (argument === '--help' || argument === '-h') console.log(USAGE);
else
  try {
    await serveSite(argument);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    process.exitCode = 1;
  }
