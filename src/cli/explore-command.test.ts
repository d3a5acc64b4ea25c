import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Exploration } from '#explore';
import { openGrader } from '#grade/node/grade';
import { exploreCommand } from './explore-command.ts';
import { type TestDesk, testDesk, verdict } from './fixtures.ts';
import { newCommand } from './new-command.ts';
import { siteAddress } from './share-link.ts';

let root: string;
let desk: TestDesk;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'faultline-'));
  desk = { ...testDesk(root, () => verdict([])), openGrader: async (options) => openGrader(options) };
});
afterEach(() => rm(root, { recursive: true }));

const said = () => desk.said.join('\n');
const complaint = () => desk.complaints.join('\n');
const mine = () => readFile(join(root, 'my/mine.ts'), 'utf8');
const put = (text: string) => writeFile(join(root, 'race.ts'), text);
const json = () => JSON.parse(desk.written.join('')) as Exploration & Record<string, unknown>;

describe('new', () => {
  it('writes a race into my/, with what an editor needs, and says what follows', async () => {
    expect(await newCommand(desk, ['mine'])).toBe(0);
    expect(await readdir(join(root, 'my'))).toEqual(['mine.ts', 'tsconfig.json']);
    expect(said()).toContain('npm run explore -- my/mine.ts');
  });

  it('writes a file that is named, where there is a folder for it', async () => {
    await mkdir(join(root, 'drivers'));
    expect(await newCommand(desk, ['drivers/foo.ts'])).toBe(0);
    expect(await readFile(join(root, 'drivers/foo.ts'), 'utf8')).toContain('export const race');
    expect(await newCommand(desk, ['elsewhere/foo.ts'])).toBe(2);
    expect(complaint()).toContain('the folder is not there');
  });

  it.each(['mine', 'mine.ts'])('never overwrites: %s', async (name) => {
    await newCommand(desk, [name]);
    const path = join(root, name === 'mine' ? 'my/mine.ts' : name);
    await writeFile(path, '// mine');
    expect(await newCommand(desk, [name])).toBe(2);
    expect(complaint()).toMatch(/is there already, and stays as it is/);
    expect(await readFile(path, 'utf8')).toBe('// mine');
  });

  it.each([
    [[], 'npm run new -- NAME'],
    [['one', 'two'], 'One file at a time'],
    [['My Driver'], 'is no name'],
    [['../x'], 'is no name'],
    [['one-fault'], 'belongs to the exercise'],
    [['--force', 'x'], 'npm run new -- NAME'],
  ])('refuses %j and says why', async (args, says) => {
    expect(await newCommand(desk, args)).toBe(2);
    expect(complaint()).toContain(says);
    expect(await readdir(root)).toEqual([]);
  });
});

describe('explore', () => {
  it('shows how a fresh race breaks, and that it holds once it is mended as its comment says', async () => {
    await newCommand(desk, ['mine']);
    expect(await exploreCommand(desk, ['my/mine.ts'])).toBe(1);
    expect(said()).toMatch(/X violated {2}\d+ states looked at, by the state graph/);
    expect(said()).toContain('The shortest interleaving that breaks it');
    expect(said()).toContain('--- A is interrupted, B goes on');
    expect(said()).toContain('As a schedule: A-B5-A4');
    expect(said()).toMatch(/^http:\/\/127\.0\.0\.1:4321\/your-own-race\/#share=1\.[\w-]+$/m);
    const [, mend = ''] = /^ \* {3}(page = .*)$/m.exec(await mine()) ?? [];
    await put((await mine()).replace('page = yield* kzalloc(pageKind);', mend));
    desk.said.length = 0;
    expect(await exploreCommand(desk, ['race.ts'])).toBe(0);
    expect(said()).toMatch(/\+ holds {2}all \d+ interleavings, by the state graph/);
  });

  it('prints all of it as JSON, and nothing else', async () => {
    await newCommand(desk, ['mine']);
    desk.said.length = 0;
    expect(await exploreCommand(desk, ['my/mine.ts', '--json', '--all', '--site', 'https://example.org/c/'])).toBe(1);
    expect(said()).toBe('');
    expect(json()).toMatchObject({
      schema: 'faultline/exploration/1',
      file: 'my/mine.ts',
      options: { engine: 'auto', stopAt: 'never' },
      verdict: 'violated',
      violations: [{ kind: 'check', trace: { steps: expect.anything() } }],
      link: expect.stringMatching(/^https:\/\/example\.org\/c\/your-own-race\/#share=1\./),
    });
  });

  it('bounds the preemptions, and says what that proves', async () => {
    await newCommand(desk, ['mine']);
    expect(await exploreCommand(desk, ['my/mine.ts', '--preemptions', '0'])).toBe(1);
    const unwrapped = said().replaceAll(/\s+/g, ' ');
    expect(unwrapped).toContain('with at most 0 preemptions. Nothing goes wrong with at most 0 preemptions.');
  });

  it('runs one schedule', async () => {
    await newCommand(desk, ['mine']);
    expect(await exploreCommand(desk, ['my/mine.ts', '--schedule', 'A'])).toBe(0);
    expect(said()).toContain('All have returned, and nothing went wrong.');
    expect(await exploreCommand(desk, ['my/mine.ts', '--schedule', 'C'])).toBe(2);
    expect(complaint()).toContain('no task C');
  });

  it('ends at Ctrl-C with what it has found by then', async () => {
    await newCommand(desk, ['mine']);
    const signal = AbortSignal.abort();
    const interrupted = { ...desk, interruption: () => ({ signal, release() {} }) };
    expect(await exploreCommand(interrupted, ['my/mine.ts'])).toBe(130);
    expect(said()).toMatch(/violated|it was stopped/);
  });

  it('says what Linux would have printed, where its functions are used', async () => {
    await put(`import { type Lock, mutex, type Program } from '#explore';
import { mutex_lock, mutex_unlock } from '#linux';
function* both(one: Lock, other: Lock) {
  yield* mutex_lock(one); yield* mutex_lock(other); yield* mutex_unlock(other); yield* mutex_unlock(one);
}
export default { name: 'two locks', setup: () => [mutex('a'), mutex('b')], tasks: ([a, b]) => ({ A: () => both(a!, b!), B: () => both(b!, a!) }) } satisfies Program<Lock[]>;
`);
    expect(await exploreCommand(desk, ['race.ts'])).toBe(1);
    expect(said()).toContain('WARNING: possible circular locking dependency detected');
  });

  it.each([
    ['export const x = 1;', 'race.ts\n  This file exports x'],
    ['const x =', 'race.ts:1:10'],
    ['throw new Error("boo")', 'Error: boo (line 1)'],
    ['', 'exports nothing'],
    ['\0'.repeat(9), 'race.ts:1'],
    ['// x\n'.repeat(200_000), 'too long to be read'],
  ])('refuses a file that cannot be explored: %j', async (text, says) => {
    await put(text);
    expect(await exploreCommand(desk, ['race.ts'])).toBe(2);
    expect(said()).toContain(says);
    desk.written.length = 0;
    expect(await exploreCommand(desk, ['race.ts', '--json'])).toBe(2);
    expect(json()).toMatchObject({ verdict: 'broken', errors: [{ line: expect.any(Number) }] });
  });

  it.each([
    [[], 'Which file?'],
    [['nothing.ts'], 'There is no file nothing.ts'],
    [['.'], 'cannot be read (EISDIR)'],
    [['a', 'b'], 'One file at a time'],
    [['a', '--engine', 'fast'], 'There is no engine "fast": auto, graph, dpor, random'],
    [['a', '--preemptions', 'x'], '--preemptions takes a number from 0'],
    [['a', '--preemptions', '1', '--engine', 'dpor'], 'Only the state graph counts preemptions'],
    [['a', '--states', '0'], '--states takes a number from 1'],
    [['a', '--site', 'javascript:alert(1)'], '--site takes the address of a site'],
  ])('refuses %j and says why', async (args, says) => {
    expect(await exploreCommand(desk, args)).toBe(2);
    expect(complaint()).toContain(says);
  });

  it('explains itself in 120 columns at most', async () => {
    for (const command of [newCommand, exploreCommand]) expect(await command(desk, ['--help'])).toBe(0);
    expect(Math.max(...desk.said.map((line) => line.length))).toBeLessThanOrEqual(120);
  });
});

it('links lead to the site that is named: by the command, else the environment, else as npm start has it', () => {
  expect(siteAddress('https://x.org/a/', { FAULTLINE_SITE: 'http://y' })).toBe('https://x.org/a');
  expect(siteAddress(undefined, { FAULTLINE_SITE: 'http://y' })).toBe('http://y');
  expect(siteAddress(undefined, {})).toBe('http://127.0.0.1:4321');
});
