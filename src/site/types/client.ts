/** The page's side of the worker that knows types. */

import { prefix } from '../keys.ts';
import type { TypeService } from './service.ts';
import type { Call } from './types-worker.ts';
import address from './types-worker.ts?worker&url';

export type Asked = {
  [Name in keyof TypeService]: (...args: Parameters<TypeService[Name]>) => Promise<ReturnType<TypeService[Name]>>;
};

interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** Starts the worker. Rejects where it does not come. */
export async function openTypes(): Promise<Asked> {
  await keepForOffline();
  const worker = new Worker(address, { type: 'module' });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const failed = (why: string) => {
    for (const { reject } of waiting.values()) reject(new Error(why));
    waiting.clear();
  };
  worker.addEventListener('error', (event) => failed(event.message || 'the worker did not start'));
  worker.addEventListener('message', ({ data: { id, value, error } }: MessageEvent<Reply>) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(value);
    else call?.reject(new Error(error));
  });
  let last = 0;
  const call = <Name extends Call['name']>(name: Name, args: readonly unknown[]) =>
    new Promise<ReturnType<TypeService[Name]>>((resolve, reject) => {
      const id = ++last;
      waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      worker.postMessage({ id, name, args } satisfies Call);
    });
  const asked: Asked = {
    errorsIn: (...args) => call('errorsIn', args),
    completionsAt: (...args) => call('completionsAt', args),
    meaningOf: (...args) => call('meaningOf', args),
    detailsOf: (...args) => call('detailsOf', args),
  };
  // The first answer takes as long as all that it needs.
  await call('errorsIn', ['']).catch((error: unknown) => {
    worker.terminate();
    throw error;
  });
  return asked;
}

/** The site's service worker does not keep it for everyone; it looks into all caches with our prefix. */
async function keepForOffline(): Promise<void> {
  try {
    const cache = await caches.open(`${prefix}types`);
    if (await cache.match(address)) return;
    for (const { url } of await cache.keys()) await cache.delete(url);
    await cache.add(address);
  } catch {
    // No secure context, or no room: it comes over the network each time.
  }
}
