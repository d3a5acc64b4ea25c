import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { watchFolder } from './watch.ts';

const never = 2 ** 30;
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

let folder: string;
let changes: number;
let unwatch: () => void;
const start = (quiet: number, poll: number) => {
  unwatch = watchFolder(folder, () => changes++, { quiet, poll });
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-'));
  changes = 0;
});
afterEach(async () => {
  unwatch();
  await rm(folder, { recursive: true, force: true });
});

describe('watchFolder', () => {
  it('takes a burst for one change', async () => {
    start(100, never);
    for (const text of ['a', 'b', 'c']) await writeFile(join(folder, 'x.ts'), text);
    await expect.poll(() => changes).toBeGreaterThan(0);
    await wait(200);
    expect(changes).toBe(1);
  });

  it('notices a file that an editor replaces, each time', async () => {
    await writeFile(join(folder, 'x.ts'), 'a');
    start(10, never);
    for (const round of [1, 2, 3]) {
      const before = changes;
      await writeFile(join(folder, '.x.swp'), String(round));
      await rename(join(folder, '.x.swp'), join(folder, 'x.ts'));
      await expect.poll(() => changes).toBeGreaterThan(before);
    }
  });

  it('looks by itself where no events come', async () => {
    await rm(folder, { recursive: true });
    start(10, 20);
    await expect.poll(() => changes).toBeGreaterThan(1);
  });

  it('ends', async () => {
    start(10, 10);
    unwatch();
    await writeFile(join(folder, 'x.ts'), 'a');
    await wait(60);
    expect(changes).toBe(0);
  });
});
