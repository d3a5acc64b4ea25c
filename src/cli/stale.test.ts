import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { isStale } from './stale.ts';

const folder = mkdtempSync(join(tmpdir(), 'faultline-stale-'));
const at = (name: string) => join(folder, name);
const write = (name: string, time: number) => {
  writeFileSync(at(name), '');
  utimesSync(at(name), time, time);
};
const stale = () => isStale(at('built.html'), [at('src'), at('lock.json'), at('absent')]);

beforeEach(() => {
  mkdirSync(at('src/deep'), { recursive: true });
  write('src/deep/a.ts', 100);
  write('lock.json', 100);
  write('built.html', 200);
  for (const name of ['src/deep', 'src']) utimesSync(at(name), 100, 100);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('isStale', () => {
  test('is false when nothing changed since', () => expect(stale()).toBe(false));
  test('sees what was never built', () => {
    rmSync(at('built.html'));
    expect(stale()).toBe(true);
  });
  test('sees a change deep down', () => {
    write('src/deep/a.ts', 300);
    expect(stale()).toBe(true);
  });
  test('sees a changed file', () => {
    write('lock.json', 300);
    expect(stale()).toBe(true);
  });
  test('sees a deleted file', () => {
    rmSync(at('src/deep/a.ts'));
    expect(stale()).toBe(true);
  });
});
