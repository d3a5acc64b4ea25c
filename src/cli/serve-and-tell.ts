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

/** Serves the folder from the next free port on, until the process ends. Throws where there is none. */
export async function serveAndTell(folder: string, { port, host }: Opening): Promise<void> {
  const served = await serve(folder, { port, host: host ? '0.0.0.0' : '127.0.0.1' });
  for (const line of whereItIs(served.port, host ? ownAddresses() : undefined)) console.log(line);
}

/** `others`: the addresses under which other machines reach this one; undefined where they may not. */
export const whereItIs = (port: number, others: readonly string[] | undefined): string[] => [
  ...['127.0.0.1', ...(others ?? [])].map((address) => `Faultline is open at http://${address}:${port}/`),
  ...(others?.length === 0 ? ['No other machine can open it yet: this one is in no network.'] : []),
];

const ownAddresses = (): string[] =>
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
