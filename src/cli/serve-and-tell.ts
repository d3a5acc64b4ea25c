/** Serves a site, and says under which addresses it is open. */

import { networkInterfaces } from 'node:os';
import { serve } from './serve.ts';

export interface Opening {
  /** The first that is tried. */
  readonly port: number;
  /** Whether other machines of this network may open it too. */
  readonly host: boolean;
}

/** Throws for what is no port. */
export function portIn(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new Error(`'${text}' is not a port`);
  return port;
}

/** Serves the folder from the next free port on, until the process ends. Throws where there is none. Returns the port. */
export async function serveAndTell(folder: string, { port, host }: Opening): Promise<number> {
  const served = await serve(folder, { port, host: host ? '0.0.0.0' : '127.0.0.1' });
  for (const address of ['127.0.0.1', ...(host ? ownAddresses() : [])]) {
    console.log(`Faultline is open at http://${address}:${served.port}/`);
  }
  return served.port;
}

/** The addresses under which other machines reach this one. */
const ownAddresses = (): string[] =>
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
