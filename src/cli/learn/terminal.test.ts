import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { ReadStream, WriteStream } from 'node:tty';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { check, testDesk, verdict } from '../fixtures.ts';
import { learnCommand } from './command.ts';
import { nameOf, openTerminal } from './terminal.ts';

/** A terminal made of streams. */
function fakeTerminal() {
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    isRaw: false,
    setRawMode(raw: boolean) {
      input.isRaw = raw;
    },
  });
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
  let shown = '';
  output.on('data', (data) => {
    shown += data;
  });
  const streams = { input: input as unknown as ReadStream, output: output as unknown as WriteStream };
  return { ...streams, type: (keys: string) => input.write(keys), shown: () => shown };
}

describe('openTerminal', () => {
  it('takes every key, and gives the terminal back', async () => {
    const { input, output, type } = fakeTerminal();
    const keys: string[] = [];
    const terminal = openTerminal(input, output, { pressed: (key) => keys.push(key), resized: () => {} });
    expect(input.isRaw).toBe(true);
    type('nH?\r\u001b[A\u0003');
    await expect.poll(() => keys).toEqual(['n', 'h', '?', 'return', 'up', 'ctrl-c']);
    terminal.close();
    terminal.close();
    expect(input.isRaw).toBe(false);
    type('n');
    expect(keys).toHaveLength(6);
  });

  it('gives the terminal back when the process ends without asking', () => {
    const { input, output } = fakeTerminal();
    openTerminal(input, output, { pressed: () => {}, resized: () => {} });
    const close = process.listeners('exit').at(-1);
    close?.(1);
    expect(input.isRaw).toBe(false);
    expect(process.listeners('exit')).not.toContain(close);
  });

  it('shows lines on a cleared screen, and is told of a new size', () => {
    const { input, output, shown } = fakeTerminal();
    let resizes = 0;
    const terminal = openTerminal(input, output, { pressed: () => {}, resized: () => resizes++ });
    terminal.show((look) => [`width ${look.width}`]);
    expect(shown()).toBe('\u001b[2J\u001b[Hwidth 80\n');
    output.emit('resize');
    expect(resizes).toBe(1);
    terminal.close();
  });
});

describe('nameOf', () => {
  it('names keys as the session knows them', () => {
    expect(nameOf(undefined, { name: 'down' })).toBe('down');
    expect(nameOf('\n', { name: 'enter' })).toBe('return');
    expect(nameOf('N', { name: 'n', shift: true })).toBe('n');
    expect(nameOf(undefined, {})).toBe('');
  });
});

describe('learnCommand', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'faultline-'));
  });
  afterEach(() => rm(root, { recursive: true }));

  const desk = () => testDesk(root, () => verdict([check('one', 1)]));

  it('opens, obeys keys, and gives the terminal back at the end', async () => {
    const { input, output, type, shown } = fakeTerminal();
    const learning = learnCommand(desk(), [], { input, output });
    await expect.poll(shown).toContain('Save your file');
    expect(await readFile(join(root, 'my/one-fault.ts'), 'utf8')).toContain('starter');
    type('n');
    await expect.poll(shown).toContain('Be the scheduler');
    type('q');
    expect(await learning).toBe(0);
    expect(input.isRaw).toBe(false);
  });

  it('ends on a signal as on q', async () => {
    const { input, output, shown } = fakeTerminal();
    const before = process.listenerCount('SIGTERM');
    const learning = learnCommand(desk(), ['be-the-scheduler'], { input, output });
    await expect.poll(shown).toContain('Be the scheduler');
    process.emit('SIGTERM');
    expect(await learning).toBe(0);
    expect(process.listenerCount('SIGTERM')).toBe(before);
  });

  it('sends those without a terminal to npm run grade', async () => {
    const { input, output } = fakeTerminal();
    input.isTTY = false;
    const here = desk();
    expect(await learnCommand(here, [], { input, output })).toBe(2);
    expect(here.complaints.join('\n')).toContain('npm run grade');
  });

  it('suggests ids, and explains itself', async () => {
    const streams = fakeTerminal();
    const here = desk();
    expect(await learnCommand(here, ['one-fualt'], streams)).toBe(2);
    expect(here.complaints.join('\n')).toBe('There is no exercise "one-fualt". Did you mean:\n  one-fault');
    expect(await learnCommand(here, ['--what'], streams)).toBe(2);
    expect(await learnCommand(here, ['a', 'b'], streams)).toBe(2);
    expect(await learnCommand(here, ['--help'], streams)).toBe(0);
    expect(here.said[0]).toContain('npm run learn');
  });
});
