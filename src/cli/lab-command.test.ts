import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TestDesk, testDesk, verdict } from './fixtures.ts';
import { labCommand } from './lab-command.ts';

let root: string;
let desk: TestDesk;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'faultline-'));
  desk = testDesk(root, () => verdict([]));
});
afterEach(() => rm(root, { recursive: true }));

// What boots is tried by hand: no test of the course may need QEMU, or a network.
describe('lab', () => {
  it('explains itself in 120 columns at most, and does nothing else', async () => {
    expect(await labCommand(desk, ['--help'])).toBe(0);
    expect(desk.said.join('\n')).toContain('--variant V');
    expect(
      Math.max(
        ...desk.said
          .join('\n')
          .split('\n')
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(120);
  });

  it.each([
    [['--variant', 'late'], '--variant takes one of'],
    [['--record', '.'], 'that is a folder'],
    [['--record', 'no/such/folder/file'], 'the folder is not there'],
  ])('refuses %j before it fetches anything', async (args, message) => {
    expect(await labCommand(desk, args)).toBe(2);
    expect(desk.complaints.join('\n')).toContain(message);
    expect(desk.said).toEqual([]);
  });
});
