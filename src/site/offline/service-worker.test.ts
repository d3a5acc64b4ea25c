import { expect, test } from 'vitest';
import { keepOffline, type Scope, type Version } from './service-worker.ts';

const files = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`${n}.html`, 'sha256-…']));
const version: Version = { base: '/', prefix: 'faultline:', name: 'one', files };

/** A worker whose server answers when it is told to. */
class Installing {
  /** Files that have been asked for, in order. */
  readonly asked: string[] = [];
  /** Those that have no answer yet. */
  readonly waiting: { readonly answer: (status: number) => void }[] = [];
  readonly ended: Promise<unknown>;

  constructor() {
    let ended: Promise<unknown> = Promise.resolve();
    const cache = { put: async () => undefined };
    const scope = {
      caches: { open: async () => cache, delete: async () => true },
      location: { origin: 'https://example.org' },
      fetch: (address: string) => {
        this.asked.push(address);
        return new Promise((resolve) => {
          this.waiting.push({ answer: (status) => resolve({ ok: status === 200, status, redirected: false }) });
        });
      },
      addEventListener: (type: string, hear: (event: unknown) => void) => {
        if (type === 'install') hear({ waitUntil: (work: Promise<unknown>) => (ended = work) });
      },
    };
    keepOffline(scope as unknown as Scope, version);
    this.ended = ended;
  }

  /** The next one that waits is answered. */
  async answer(status: number): Promise<void> {
    this.waiting.shift()?.answer(status);
    await settled();
  }
}

/** All that can happen without the server has happened. */
const settled = () => new Promise((resolve) => setTimeout(resolve));

test('a few files are fetched at a time, and each once', async () => {
  const worker = new Installing();
  await settled();
  const most = worker.waiting.length;
  expect(most).toBeLessThan(6);
  while (worker.waiting.length > 0) {
    await worker.answer(200);
    expect(worker.waiting.length).toBeLessThanOrEqual(most);
  }
  await worker.ended;
  expect(worker.asked).toEqual(Object.keys(files).map((path) => `https://example.org/${path}`));
});

test('after one that is missing, no more are asked for', async () => {
  const worker = new Installing();
  await settled();
  const { length } = worker.asked;
  const failed = expect(worker.ended).rejects.toThrow('0.html: 404');
  await worker.answer(404);
  while (worker.waiting.length > 0) await worker.answer(200);
  await failed;
  expect(worker.asked).toHaveLength(length);
});
