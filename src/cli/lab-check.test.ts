import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type TestDesk, testDesk, verdict } from './fixtures.ts';
import { labCheckCommand } from './lab-check-command.ts';

let root: string;
let desk: TestDesk;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'faultline-'));
  desk = testDesk(root, () => verdict([]));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true });
});

// What boots is tried by hand: no test of the course may need QEMU, or a network.
describe('lab:check, where the lab cannot run', () => {
  beforeEach(() => vi.stubEnv('PATH', join(root, 'no programs')));

  it('says what is missing, and exits 2', async () => {
    expect(await labCheckCommand(desk, [])).toBe(2);
    expect(desk.said).toEqual([]);
    expect(desk.complaints.join('\n')).not.toBe('');
  });

  it('is skipped if it is optional, which is said with the reason', async () => {
    expect(await labCheckCommand(desk, ['--optional'])).toBe(0);
    expect(desk.said.join('\n')).toMatch(/^Skipped: the simulation was not held against a fresh run of Linux\. ./);
  });
});

it('explains itself, and refuses what it does not know', async () => {
  expect(await labCheckCommand(desk, ['--help'])).toBe(0);
  expect(desk.said.join('\n')).toContain('--optional');
  expect(await labCheckCommand(desk, ['--all'])).toBe(2);
});
