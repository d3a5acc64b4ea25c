/** `npm start`: builds the site if it is missing or older than its sources, serves it, and prints where. */

import { spawnSync } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { serve } from './serve.ts';
import { isStale } from './stale.ts';

const usage = `npm start                      open the course: http://127.0.0.1:4321/, or the next free port
npm start -- --port 8000       begin looking for a free port there
npm start -- --host            let other machines of this network open it too`;

const house = resolve(import.meta.dirname, '../..');
const inHouse = (path: string): string => resolve(house, path);
const sources = ['content', 'exercises', 'src', 'astro.config.mjs', 'package-lock.json'].map(inHouse);

interface Options {
  port: number;
  host: boolean;
}

/** Throws, with the usage, on an option that does not exist or makes no sense. */
function options(): Options {
  try {
    const known = { port: { type: 'string', default: '4321' }, host: { type: 'boolean', default: false } } as const;
    const { values } = parseArgs({ options: known });
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`'${values.port}' is not a port`);
    return { port, host: values.host };
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
}

/** Builds in a process of its own, whose memory is given back before the server runs. */
function build(): void {
  console.log('Building the site …');
  const { status } = spawnSync(process.execPath, [inHouse('src/cli/build.ts')], { cwd: house, stdio: 'inherit' });
  if (status !== 0) throw new Error('the site could not be built; what went wrong stands above');
}

/** The addresses under which other machines reach this one. */
const ownAddresses = (): string[] =>
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);

async function open({ port, host }: Options): Promise<void> {
  if (isStale(inHouse('dist/index.html'), sources)) build();
  const served = await serve(inHouse('dist'), { port, host: host ? '0.0.0.0' : '127.0.0.1' });
  for (const address of ['127.0.0.1', ...(host ? ownAddresses() : [])]) {
    console.log(`Faultline is open at http://${address}:${served.port}/`);
  }
  console.log('Ctrl-C closes it.');
}

try {
  await open(options());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
