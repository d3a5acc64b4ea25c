import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serve } from '../../src/cli/serve.ts';
import { exhausting, forging, lying, lyingWorld, reaching, refused, trapping } from './hostile.ts';
import { Bench, exercises, root, withSite } from './site.ts';

const site = withSite();
const exercise = exercises[0]!;
const starter = exercise.read('exercise.ts');

/** Somebody else's server: whoever asks it for anything has got out. */
let other: Server;
let hits: string[] = [];
/** One page for all: whatever the one before did, the next one is judged in it. */
let bench: Bench;

beforeAll(async () => {
  other = createServer((request, response) => {
    hits.push(request.url ?? '');
    response.writeHead(200, { 'access-control-allow-origin': '*' }).end();
  });
  other.on('upgrade', (request, socket) => {
    hits.push(request.url ?? '');
    socket.destroy();
  });
  await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening));
  bench = await Bench.open(site(), exercise.id);
  bench.page.on('request', (request) => request.url().includes('/leak/') && hits.push(request.url()));
  await bench.page.evaluate(() => {
    const heard: string[] = [];
    Object.assign(window, { heard });
    new BroadcastChannel('progress').onmessage = () => heard.push('BroadcastChannel');
    addEventListener('message', () => heard.push('message'));
  });
});
afterAll(() => other?.close());

/** Beside it no member is refused by its name: what does harm must come to the sandbox. */
const anyMember = 'export const named = (o: any, name: string) => { o[name] = 0; };';

/** Runs it behind the starter, or another text. Returns how that ended, and all that it has reached. */
async function attempt(code: string, text = starter): Promise<{ outcome: string; out: string[] }> {
  hits = [];
  const there = code
    .replaceAll('OWN', site().url)
    .replaceAll('OTHER', `http://127.0.0.1:${(other.address() as AddressInfo).port}`);
  await bench.write(`${text}\n${there}\n${anyMember}\n`);
  const outcome = await bench.run();
  await bench.page.waitForTimeout(200);
  const out = [...(await bench.page.evaluate(traces)), ...hits];
  // Whatever it did, the next one is judged.
  await bench.write(exercise.read('solution.ts'));
  expect(await bench.run()).toBe('passed');
  return { outcome, out };
}

/** In the page: what a submission has left in its origin. */
async function traces(): Promise<string[]> {
  const found = [...(window as unknown as { heard: string[] }).heard];
  if ((await indexedDB.databases()).length > 0) found.push('IndexedDB');
  if ('caches' in window && (await caches.keys()).includes('forged')) found.push('caches');
  const files = await navigator.storage?.getDirectory?.();
  if (files) for await (const name of (files as unknown as { keys(): AsyncIterable<string> }).keys()) found.push(name);
  return found;
}

describe.each(Object.entries(reaching))('%s', (name, code) => {
  test('reaches nothing', async () => {
    const { outcome, out } = await attempt(code);
    expect(out).toEqual([]);
    expect(outcome).toBe(refused.includes(name) ? 'broken' : 'failed');
  });
});

describe.each(Object.entries(forging))('%s', (_, code) => {
  test('does not pass', async () => {
    const { outcome, out } = await attempt(code);
    expect(out).toEqual([]);
    expect(['failed', 'broken', 'stopped']).toContain(outcome);
  });
});

describe.each(Object.entries(trapping))('an export: %s', (_, value) => {
  test('does not pass', async () => {
    const handler = 'vfio_pci_mmap_fault';
    const given = starter.replace(`export function* ${handler}`, 'function* given');
    const { outcome } = await attempt(`export const ${handler}: any = ${value};`, given);
    expect(['failed', 'broken']).toContain(outcome);
  });
});

describe('a world that lies', () => {
  let other: Bench;
  beforeAll(async () => {
    other = await Bench.open(site(), 'reproduce-the-bug');
  });

  test('would pass if it did not', async () => {
    await other.write(lyingWorld('plain'));
    expect(await other.run()).toBe('passed');
  });

  test.each(Object.entries(lying))('%s does not pass', async (_, world) => {
    await other.write(lyingWorld(world));
    expect(['failed', 'broken']).toContain(await other.run());
    expect(await other.part('verdict').innerText()).toMatch(/is a getter, which can change|not a constructor/);
  });
});

describe.each(Object.entries(exhausting))('%s', (_, code) => {
  test('is ended', async () => expect(['failed', 'broken', 'stopped']).toContain((await attempt(code)).outcome));
});

test('a page without a secure context grades as well', async () => {
  const own = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal);
  const address = own?.address ?? '127.0.0.1';
  const served = await serve(`${root}/dist`, { port: 0, host: own ? '0.0.0.0' : address });
  const url = `http://${address}:${served.port}`;
  const page = Object.assign(await site().browser.newPage(), { complaints: [] });
  await page.goto(`${url}/lessons/${exercise.id}/`);
  const insecure = new Bench(page);
  await insecure.ready();
  expect(await page.evaluate(() => isSecureContext)).toBe(own === undefined);
  await insecure.write(exercise.read('solution.ts'));
  expect(await insecure.run()).toBe('passed');
  await served.close();
});
