/** Whatever a submission does, a command ends in a clear message, and the learner's progress is whole. As processes. */

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { answers, buildHouse, fixture } from './house.ts';

const { house, run, begin, grade, draft, progress, clear, remove } = buildHouse();
beforeEach(clear);
afterAll(remove);

const solution = readFileSync(join(fixture, answers, 'solution.ts'), 'utf8');
const starter = readFileSync(join(fixture, answers, 'exercise.ts'), 'utf8');
const body = (text: string) =>
  solution.replace(/(export function\* \w+\([^)]*\)[^{]*\{)[\s\S]*?\n\}/, `$1\n${text}\n}`);
// A regular expression that takes for ever, and that nothing can stop from inside.
const hangs = body("  /^(a+)+$/.test(`${'a'.repeat(50)}b`);");

describe('a file that', () => {
  const failing: readonly (readonly [does: string, source: string, says: RegExp, status: number])[] = [
    ['loops for ever', body('  while (true) {}'), /A loop does not end .*the loop in line \d+/s, 1],
    ['throws when it is imported', `${solution}\nthrow new Error('boo');\n`, /when it is loaded.*Error: boo/s, 1],
    ['has a syntax error', 'export function* (', /count-a-fault\.ts:1:\d+\n/, 2],
    ['is empty', '', /asks for “\w+”/, 1],
    ['is huge', `${solution}${'// more\n'.repeat(7_000_000)}`, /too long to be read.*500,000 characters/s, 2],
    ['holds no text', '\0'.repeat(300), /count-a-fault\.ts:1/, 2],
    [
      'deletes globals',
      `${starter}\nfor (const name of Object.getOwnPropertyNames(globalThis)) { try { delete (globalThis as any)[name]; } catch {} }\n`,
      /✗ failed {5}faults at once/,
      1,
    ],
    ['patches Array.prototype', `${starter}\nArray.prototype.every = () => true;\n`, /Cannot assign to read only/, 1],
    [
      'patches it in passing',
      `${starter}\ntry { Array.prototype.map = () => []; } catch {}\n`,
      /✗ failed {5}faults at once/,
      1,
    ],
    ['ends the process', `${starter}\n(globalThis as any).process?.exit(0);\n`, /✗ failed {5}faults at once/, 1],
  ];

  it.each(failing)('%s is told so, and counted as it should be', (_, source, says, status) => {
    draft(source);
    const said = grade();
    expect(said.stdout).toMatch(says);
    expect(said).toMatchObject({ status, stderr: '' });
    if (status === 1) expect(progress().exercises['count-a-fault']).toMatchObject({ status: 'started', attempts: 1 });
    else expect(readdirSync(join(house, 'my'))).toEqual(['count-a-fault.ts']);
  });

  const memory = { FAULTLINE_MEGABYTES: '200' };
  it.each([
    ['lists', '  const all = [];\n  for (;;) all.push(new Array(100000).fill(1));'],
    ['buffers', '  const all = [];\n  for (;;) all.push(new Uint8Array(16 * 1024 * 1024).fill(1));'],
    ['buffers, when it is loaded', undefined],
  ])('fills the memory with %s is ended for that', (_, text) => {
    const atLoad = `${solution}\nconst all = ((kept: Uint8Array[]) => { for (;;) kept.push(new Uint8Array(2 ** 24).fill(1)); })([]);\n`;
    draft(text === undefined ? atLoad : body(text));
    const { status, stdout, stderr } = run('grade', ['count-a-fault'], memory);
    expect(stdout).toMatch(/took more memory than a check may have\s+\(200 MB\)|nothing has moved .* but\s+memory/s);
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    expect(progress().exercises['count-a-fault'].attempts).toBe(1);
  });

  it('goes round for ever with yield* is ended, and does not pass', () => {
    const reads = body('  while (true) yield* read(faults);');
    draft(reads.replace(/import \{[^}]*\}/, 'import { read, type Cell, type Steps }'));
    const { status, stdout } = grade();
    // On a small machine its million states may take more memory than there is.
    expect(stdout).toMatch(/gave up after \d+ states|took more memory/);
    expect(status).toBe(1);
  });

  it('has no end is read as far as it may be long', () => {
    const { status, stdout } = grade('--submission', '/dev/zero');
    expect(stdout).toContain('too long to be read');
    expect(status).toBe(2);
  });
});

describe('graders beside a submission', () => {
  it('change nothing, whatever they are called', () => {
    const theirs = join(house, 'my', 'theirs');
    mkdirSync(theirs, { recursive: true });
    const always = "import { test } from 'vitest';\ntest('passes', { meta: { id: 'passes', stage: 1 } }, () => {});\n";
    for (const folder of [theirs, join(house, 'my')]) {
      for (const name of ['exercise.test.ts', 'count-a-fault.test.ts', 'matchers.ts', 'vitest.ts', 'variants.ts'])
        writeFileSync(join(folder, name), always);
      cpSync(join(fixture, answers, 'solution.ts'), join(folder, 'solution.ts'));
      writeFileSync(join(folder, 'hints.md'), '## Hint 1\nNothing is wrong.\n');
      writeFileSync(join(folder, 'package.json'), '{"type": "module", "imports": {"#explore": "./vitest.ts"}}');
      writeFileSync(join(folder, 'exercise.ts'), starter);
    }
    const honest = grade('--json', '--submission', join(answers, 'exercise.ts'));
    expect(JSON.parse(honest.stdout).outcome).toBe('failed');
    const args = ['count-a-fault', '--json', '--submission', 'exercise.ts'];
    for (const folder of [theirs, join(house, 'my')]) expect(run('grade', args, {}, folder)).toEqual(honest);
  });
});

describe('the progress file', () => {
  const broken = '{"schema": "faultline/pro';
  const newer = '{"schema": "faultline/progress/2", "exercises": {}}';
  const path = () => join(house, 'my', 'progress.json');

  it('is set aside where it is broken, and never overwritten', () => {
    draft(solution);
    writeFileSync(path(), broken);
    const { status, stderr } = grade();
    expect(status).toBe(0);
    const [copy = ''] = readdirSync(join(house, 'my')).filter((name) => name.endsWith('.unreadable.json'));
    expect(stderr).toContain(`It is kept as my/${copy}.`);
    expect(readFileSync(join(house, 'my', copy), 'utf8')).toBe(broken);
    expect(progress().exercises['count-a-fault'].status).toBe('passed');
  });

  it('is left as it is where a newer version wrote it, and the verdict is given all the same', () => {
    draft(solution);
    writeFileSync(path(), newer);
    const { status, stdout, stderr } = grade();
    expect(stdout).toContain('Passed: all 2 checks.');
    expect(stderr).toMatch(/left as it is.*newer version.*nothing is remembered/s);
    expect({ status, text: readFileSync(path(), 'utf8') }).toEqual({ status: 0, text: newer });
    expect(run('hint', ['count-a-fault', '1']).stderr).toContain('left as it is');
    expect(run('list', []).stderr).toContain('left as it is');
    expect(readFileSync(path(), 'utf8')).toBe(newer);
  });

  it('loses no pass when terminals grade at once', async () => {
    draft(solution);
    const said = await Promise.all(Array.from({ length: 4 }, () => begin('grade', ['count-a-fault']).ended));
    expect(said.map(({ status }) => status)).toEqual([0, 0, 0, 0]);
    expect(progress().exercises['count-a-fault']).toMatchObject({ status: 'passed', attempts: 4 });
    expect(readdirSync(join(house, 'my')).sort()).toEqual(['count-a-fault.ts', 'progress.json']);
  });
});

describe('Ctrl-C', () => {
  it('while a check hangs ends it, says so, and remembers nothing of it', async () => {
    draft(solution);
    grade();
    const before = progress();
    const pipe = join(house, 'my', 'pipe');
    spawnSync('mkfifo', [pipe]);
    const { child, ended } = begin('grade', ['count-a-fault', '--submission', pipe]);
    // Opens when the command reads it.
    const writer = await open(pipe, 'w');
    await writer.writeFile(hangs);
    await writer.close();
    child.kill('SIGINT');
    const { status, stderr } = await ended;
    expect(stderr).toContain('Interrupted.');
    expect(status).toBe(130);
    expect(progress()).toEqual(before);
  });

  it('at any moment leaves the progress file as it was, or as it should become', async () => {
    draft(solution);
    const start = performance.now();
    grade();
    const whole = performance.now() - start;
    let attempts = 1;
    for (const part of [0.1, 0.3, 0.5, 0.7, 0.85, 1]) {
      const { child, ended } = begin('grade', ['count-a-fault']);
      const timer = setTimeout(() => child.kill('SIGINT'), part * whole);
      const { status, signal } = await ended;
      clearTimeout(timer);
      expect([0, 130, 'SIGINT']).toContain(signal ?? status);
      const entry = progress().exercises['count-a-fault'];
      expect(entry.status).toBe('passed');
      expect([attempts, attempts + 1]).toContain(entry.attempts);
      if (status === 0) expect(entry.attempts).toBe(attempts + 1);
      attempts = entry.attempts;
    }
    expect(grade().status).toBe(0);
    expect(progress().exercises['count-a-fault'].attempts).toBe(attempts + 1);
  });
});
