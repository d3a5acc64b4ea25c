/**
 * A run's id is between the page and its frame. A submission that could see it, or the next one, might speak for a run that is not
 * its own. Here every id begins with a number that stands nowhere else, and submissions look for it wherever they get.
 */

import { beforeAll, describe, expect, test } from 'vitest';
import { Bench, exercises, withSite } from './site.ts';

const site = withSite();
const exercise = exercises[0]!;
const ids = 777_000_000;

/** In the page: what it tells its frame of a run, and hears from it, has that number added on the way. */
function markIds(ids: number): void {
  if (window !== top) return;
  const shifted = (data: unknown, by: number) =>
    Object.fromEntries(
      Object.entries(data as object).map(([key, value]) => [
        key,
        ['start', 'stop', 'stopped', 'broken'].includes(key) ? value + by : value,
      ]),
    );
  const isOfRun = (data: unknown) => typeof data === 'object' && data !== null && !('exercise' in data);
  const { prototype } = MessagePort;
  const { postMessage } = prototype;
  const real = Object.getOwnPropertyDescriptor(prototype, 'onmessage')!;
  prototype.postMessage = function (this: MessagePort, data: unknown, transfer?: unknown) {
    const ours = isOfRun(data) ? shifted(data, ids) : data;
    if (isOfRun(data) && 'start' in (data as object)) Object.assign(window, { told: ours });
    postMessage.call(this, ours, transfer as StructuredSerializeOptions);
  };
  Object.defineProperty(prototype, 'onmessage', {
    ...real,
    set(this: MessagePort, hear: ((event: unknown) => void) | null) {
      const hears = ({ data, ports }: MessageEvent) =>
        hear?.({ data: isOfRun(data) ? shifted(data, -ids) : data, ports });
      real.set!.call(this, hear && hears);
    },
  });
}

/** A submission's: all that can be reached from `from`, as far as it holds the number. Throws what it has found. */
const looker = `
const anything = (): any => globalThis;
const tried = (get: () => any): any => { try { return get(); } catch (error) { return error; } };
const all = (...more: any[]): string => {
  const seen = new Set<any>();
  const found: string[] = [];
  const waiting: [string, any][] = [];
  const look = (path: string, value: any) => {
    const isObject = typeof value === 'object' && value !== null;
    if (!isObject && /777000/.test(tried(() => String(value)))) found.push(path);
    if (isObject || typeof value === 'function') waiting.push([path, value]);
  };
  const failed: any = tried(() => anything().nothing.at);
  const from = { globalThis, linux, explore, failed, stack: failed.stack, caller: tried(() => (all as any).caller), entries: tried(() => anything().performance.getEntries().map((entry: any) => JSON.stringify(entry)).join()), more };
  for (const [name, value] of Object.entries(from)) look(name, value);
  while (waiting.length > 0 && seen.size < 20_000) {
    const [path, value] = waiting.pop()!;
    if (seen.has(value)) continue;
    seen.add(value);
    look(path + '.[[Prototype]]', Reflect.getPrototypeOf(value));
    if (value instanceof Map || value instanceof Set) for (const each of value) look(path + '{}', each);
    for (const key of Reflect.ownKeys(value)) {
      look(path + ' key', String(key));
      look(path + '.' + String(key), tried(() => value[key]));
      look(path + '.get ' + String(key), Reflect.getOwnPropertyDescriptor(value, key)?.get);
    }
  }
  return seen.size + ' places, found: ' + (found.join() || 'nothing') + '.';
};
`;

const imports = `import * as linux from '#linux';\nimport * as explore from '#explore';\n`;
const anyMember = '\nexport const named = (o: any, name: string) => { o[name] = 0; };\n';

/** What is run, and where it looks. */
const submissions = {
  'while it is loaded': 'throw new Error(all());',
  'while it runs, in what it is called with':
    'export function* vfio_pci_mmap_fault(this: any): any { throw new Error(all(this, [...arguments])); }',
  'in what a function that it has replaced is called with':
    'const log = function (this: any) { throw new Error(all(this, [...arguments])); }; anything().console.log = log; anything().console.log(1);',
  'in a turn of its own':
    'export function* vfio_pci_mmap_fault(): any { if (anything().later) throw new Error(anything().later); return 256; }\nPromise.resolve().then(function (this: any) { anything().later = all(this, [...arguments]); });',
};

describe('the id of a run is never visible to a submission', () => {
  let bench: Bench;
  beforeAll(async () => {
    const page = await site().open('/404.html');
    await page.addInitScript(markIds, ids);
    await page.goto(`${site().url}/lessons/${exercise.id}/`);
    bench = new Bench(page);
    await bench.ready();
  });

  async function foundBy(code: string): Promise<string> {
    const handler = code.includes('vfio_pci_mmap_fault') ? '' : '\nexport function* vfio_pci_mmap_fault() {}';
    await bench.write(`${imports}${looker}${code}${handler}${anyMember}`);
    await bench.run();
    return bench.part('verdict').innerText();
  }

  test('though there is one, and a next one', async () => {
    await foundBy(`throw new Error(all());`);
    const { start } = await bench.page.evaluate(() => (window as unknown as { told: { start: number } }).told);
    expect(start).toBeGreaterThan(ids + 1);
  });

  test('it would be found if it were', async () => {
    const planted = 'anything().planted = { deep: [Object.freeze({ id: 777_000_001 })] };';
    expect(await foundBy(`${planted} throw new Error(all());`)).toMatch(/found: \S*planted\.deep\.0\.id/);
  });

  test.each(Object.entries(submissions))('%s', async (_, code) => {
    const found = await foundBy(code);
    expect(found).toMatch(/found: nothing\./);
    expect(Number(/(\d+) places/.exec(found)?.[1])).toBeGreaterThan(500);
  });
});
