/**
 * Keeps the whole site in the browser, one version at a time, and answers from there.
 *
 * Becomes a script of its own: the build strips the types and the word `export`, and calls keepOffline. So it imports nothing.
 */

/** One version of the site: what the build knows. */
export interface Version {
  /** The folder that the site is served from: `/` or `/course/`. */
  readonly base: string;
  /** What begins the names of this site's caches, and of no other's. */
  readonly prefix: string;
  readonly name: string;
  /** All that is kept: paths below the base, each with the hash that its content must have. */
  readonly files: Readonly<Record<string, string>>;
}

/** What a page says to the worker: it is open, and may be the page of another site by now; or its reader agrees to reload. */
export type Told = 'opened' | 'activate';

interface WorkerEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface ToldEvent extends WorkerEvent {
  readonly data: Told;
}

interface FetchEvent extends WorkerEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

interface Tab {
  readonly url: string;
  navigate(url: string): Promise<unknown>;
}

/** The part of a service worker's scope that is used here; the types of a page do not have it. */
export interface Scope {
  readonly caches: CacheStorage;
  readonly registration: { unregister(): Promise<boolean> };
  readonly location: { readonly origin: string };
  readonly clients: {
    claim(): Promise<void>;
    matchAll(options: { type: 'window'; includeUncontrolled?: boolean }): Promise<readonly Tab[]>;
  };
  fetch(request: Request | string, options?: RequestInit): Promise<Response>;
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', hear: (event: WorkerEvent) => void): void;
  addEventListener(type: 'fetch', hear: (event: FetchEvent) => void): void;
  addEventListener(type: 'message', hear: (event: ToldEvent) => void): void;
}

export function keepOffline(scope: Scope, version: Version): void {
  const site = scope.location.origin + version.base;
  scope.addEventListener('install', (event) => event.waitUntil(install(scope, version)));
  scope.addEventListener('activate', (event) => event.waitUntil(activate(scope, version)));
  scope.addEventListener('message', (event) => {
    if (event.data === 'activate') event.waitUntil(scope.skipWaiting());
    if (event.data === 'opened') event.waitUntil(leaveIfGone(scope, version));
  });
  scope.addEventListener('fetch', (event) => {
    const { request } = event;
    if (request.method !== 'GET' || !request.url.startsWith(site)) return;
    event.respondWith(answer(scope, version, request));
  });
}

/** The end of the name of a cache that pages fill with what their reader has asked for (types/client.ts). It outlives versions. */
const asked = 'types';

const cacheOf = ({ prefix, name }: Version): string => prefix + name;

async function ownCaches(scope: Scope, { prefix }: Version): Promise<string[]> {
  return (await scope.caches.keys()).filter((name) => name.startsWith(prefix));
}

/** So many files are fetched at a time: a page that is open while the rest of the site is kept needs network and processor more. */
const lanes = 3;

/** All files or none: if one is missing, or is not this version's, the version before stays. */
async function install(scope: Scope, version: Version): Promise<void> {
  const cache = await scope.caches.open(cacheOf(version));
  const files = entriesOf(version.files);
  const lane = async () => {
    for (const file of files) await keep(scope, cache, version.base, ...file);
  };
  try {
    await Promise.all(Array.from({ length: lanes }, lane));
  } catch (error) {
    await scope.caches.delete(cacheOf(version));
    throw error;
  }
}

/** A generator, which is over for all who draw from it as soon as one of them fails. */
function* entriesOf<T>(record: Readonly<Record<string, T>>): Generator<[string, T]> {
  yield* Object.entries(record);
}

async function keep(scope: Scope, cache: Cache, base: string, path: string, integrity: string): Promise<void> {
  const address = scope.location.origin + base + path;
  const response = await scope.fetch(address, { cache: 'no-cache', integrity });
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  // A browser refuses to open a page that is said to have come from elsewhere.
  const kept = response.redirected ? new Response(await response.blob(), { headers: response.headers }) : response;
  await cache.put(address, kept);
}

/** Another tab may still show an older version, and load its parts one by one: then that version stays until the next one. */
async function activate(scope: Scope, version: Version): Promise<void> {
  const tabs = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (tabs.length <= 1) {
    const lasting = [cacheOf(version), `${version.prefix}${asked}`];
    const older = (await ownCaches(scope, version)).filter((name) => !lasting.includes(name));
    await Promise.all(older.map((name) => scope.caches.delete(name)));
  }
  await scope.clients.claim();
}

async function answer(scope: Scope, version: Version, request: Request): Promise<Response> {
  const [address = ''] = request.url.split(/[?#]/, 1);
  const keptAt = (place: string) => scope.caches.match(place, { cacheName: cacheOf(version) });
  const kept = (await keptAt(address)) ?? (await olderPart(scope, version, request, address));
  if (kept) return kept;
  try {
    return await scope.fetch(request);
  } catch (error) {
    if (request.mode !== 'navigate') throw error;
    if (await keptAt(`${address}/`)) return Response.redirect(`${address}/`);
    const page = await keptAt(`${scope.location.origin}${version.base}404.html`);
    if (!page) throw error;
    return new Response(page.body, { status: 404, headers: page.headers });
  }
}

/** What only a page of an older version asks for. */
async function olderPart(
  scope: Scope,
  version: Version,
  request: Request,
  address: string,
): Promise<Response | undefined> {
  if (request.mode === 'navigate') return undefined;
  for (const cacheName of await ownCaches(scope, version)) {
    const part = await scope.caches.match(address, { cacheName });
    if (part) return part;
  }
  return undefined;
}

/** Where something else is served at this address now, as on a port of one's own machine, the copy must not stand in its way. */
async function leaveIfGone(scope: Scope, version: Version): Promise<void> {
  const own = `${scope.location.origin}${version.base}service-worker.js`;
  const response = await scope.fetch(own, { method: 'HEAD', cache: 'no-store' }).catch(() => undefined);
  if (!response || !isAnothers(response)) return;
  await Promise.all((await ownCaches(scope, version)).map((name) => scope.caches.delete(name)));
  await scope.registration.unregister();
  const tabs = await scope.clients.matchAll({ type: 'window' });
  await Promise.all(tabs.map((tab) => tab.navigate(tab.url)));
}

/** There is no such script, or a page in its place; not a server in trouble. */
const isAnothers = ({ ok, status, headers }: Response): boolean =>
  [404, 410].includes(status) || (ok && !headers.get('content-type')?.includes('javascript'));
