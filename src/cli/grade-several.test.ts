import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { say } from '#grade/texts';
import type { Verdict } from '#grade/verdict';
import { bugTrace, check, type TestDesk, testDesk, verdict } from './fixtures.ts';
import { gradeCommand } from './grade-command.ts';

const nasty = 'a <b> & "c" # 100 %, d: e\u0001';
const failing = check('two', 2, {
  name: nasty,
  status: 'failed',
  message: say('refused', { says: `It goes\nwrong: ${nasty}` }),
  because: 'This often comes from a mistaken belief: A lock\nis enough.\n\nMore.',
  schedule: '1.two.1.0123abcd~A2-B',
  trace: bugTrace,
});
const verdicts: Record<string, Verdict> = {
  'one-fault': verdict([check('one', 1)]),
  'be-the-scheduler': verdict([check('one', 1), failing, check('three', 3, { status: 'not run' })]),
  'reproduce-the-bug': verdict([], {
    outcome: 'broken',
    errors: [{ line: 3, column: 7, message: say('syntax', { says: 'Unexpected token' }) }],
  }),
};

let root: string;
let desk: TestDesk;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'faultline-'));
  desk = testDesk(root, ({ exercise }) => ({ ...(verdicts[exercise] as Verdict), exercise }));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true });
});

async function write(folder: string, ...ids: string[]): Promise<void> {
  await mkdir(join(root, folder), { recursive: true });
  for (const id of ids) await writeFile(join(root, folder, `${id}.ts`), 'code');
}
const grade = (...args: string[]) => gradeCommand(desk, args);
const progress = async () => JSON.parse(await readFile(join(root, 'my/progress.json'), 'utf8')).exercises;
const written = () => desk.written.join('');

describe('grading several', () => {
  it('tells each in full, sums up, and remembers each', async () => {
    await write('my', 'one-fault', 'be-the-scheduler');
    expect(await grade('one-fault', 'be-the-scheduler', 'one-fault')).toBe(1);
    const text = desk.said.join('\n');
    expect(text.match(/Passed: the one check\./g)).toHaveLength(1);
    expect(text).toContain('Not yet: 1 of 3 checks passed.');
    expect(text).toMatch(/Summary\n\n {2}\+ passed {5}one-fault\n {2}X failed {5}be-the-scheduler: a <b>/);
    expect(text).toMatch(/\n1 of 2 passed\.$/);
    expect(Object.keys(await progress())).toEqual(['one-fault', 'be-the-scheduler']);
  });

  it('passes with 0 only if all of them do, and takes what has not been begun for a failure', async () => {
    await write('my', 'one-fault');
    expect(await grade('one-fault')).toBe(0);
    expect(await grade('--all')).toBe(1);
    expect(desk.said.join('\n')).toMatch(/\. not begun {2}reproduce-the-bug\n\n1 of 3 passed, 2 not begun\.$/);
  });

  it('exits with 2 where one does not compile', async () => {
    await write('my', 'one-fault', 'be-the-scheduler', 'reproduce-the-bug');
    expect(await grade('--all')).toBe(2);
    expect(desk.graded).toHaveLength(3);
  });

  it('grades nothing where a file that was asked for is not there', async () => {
    await write('my', 'one-fault');
    expect(await grade('one-fault', 'be-the-scheduler')).toBe(2);
    expect(desk.complaints.join('\n')).toContain('no my/be-the-scheduler.ts yet');
    expect(desk.graded).toEqual([]);
  });

  it('takes a folder of submissions, and writes no progress', async () => {
    await write('theirs', 'one-fault');
    expect(await grade('--all', '--submission', 'theirs')).toBe(1);
    expect(desk.said[0]).toBe('One fault  theirs/one-fault.ts');
    await expect(progress()).rejects.toThrow('ENOENT');
    expect(await grade('one-fault', 'be-the-scheduler', '--submission', 'theirs/one-fault.ts')).toBe(2);
    expect(desk.complaints.join('\n')).toContain('is a folder');
  });

  it('is one JSON document with --json', async () => {
    await write('my', 'one-fault', 'be-the-scheduler');
    expect(await grade('--all', '--json')).toBe(1);
    const { schema, verdicts: all, notBegun } = JSON.parse(written());
    expect(schema).toBe('faultline/verdicts/1');
    expect(all.map(({ exercise }: Verdict) => exercise)).toEqual(['one-fault', 'be-the-scheduler']);
    expect(notBegun).toEqual(['reproduce-the-bug']);
    expect(desk.said).toEqual([]);
  });
});

describe('an interruption', () => {
  it('ends with 130, says so, and remembers nothing of what was not finished', async () => {
    await write('my', 'one-fault', 'be-the-scheduler');
    const controller = new AbortController();
    const answer = testDesk(root, ({ exercise }) => {
      if (exercise === 'be-the-scheduler') controller.abort();
      return verdicts[exercise] as Verdict;
    });
    const released = vi.fn();
    desk = { ...answer, interruption: () => ({ signal: controller.signal, release: released }) };
    expect(await grade('--all')).toBe(130);
    expect(desk.complaints.join('\n')).toContain('Interrupted.');
    expect(Object.keys(await progress())).toEqual(['one-fault']);
    expect(released).toHaveBeenCalledOnce();
  });
});

describe('a report for programs', () => {
  beforeEach(() => write('my', 'one-fault', 'be-the-scheduler'));

  it('is JUnit’s XML: well-formed, whatever a check says', async () => {
    expect(await grade('--all', '--report', 'junit')).toBe(1);
    const name = 'a &lt;b&gt; &amp; &quot;c&quot; # 100 %, d: e\ufffd';
    expect(written()).toContain('<testsuites name="faultline" tests="5" failures="2" errors="0" skipped="1">');
    expect(written()).toContain('<testcase classname="one-fault" name="Check one" file="my/one-fault.ts"/>');
    expect(written()).toContain(
      `name="${name}" file="my/be-the-scheduler.ts"><failure message="It goes&#10;wrong: ${name}">`,
    );
    expect(written()).toContain('Schedule: 1.two.1.0123abcd~A2-B</failure>');
    expect(written()).toContain('<skipped message="An earlier stage has not passed."/>');
    expect(written()).toContain('<failure message="There is no my/reproduce-the-bug.ts yet."/>');
    const tags = [...written().matchAll(/<(\/?)([a-z]+)(?: [a-z]+="[^"<&]*(?:&[a-z#0-9]+;[^"<&]*)*")*(\/?)>/g)];
    const depth = tags.reduce((sum, [, close, , alone]) => sum + (alone ? 0 : close ? -1 : 1), 0);
    expect({ tags: tags.length, depth }).toEqual({ tags: written().match(/</g)!.length - 1, depth: 0 });
    expect(desk.said).toEqual([]);
  });

  it('is JUnit’s error where a file does not compile', async () => {
    await write('my', 'reproduce-the-bug');
    expect(await grade('reproduce-the-bug', '--report', 'junit')).toBe(2);
    expect(written()).toContain('>my/reproduce-the-bug.ts:3: Unexpected token</error>');
  });

  it('is TAP, in which only what passed is ok', async () => {
    expect(await grade('--all', '--report', 'tap')).toBe(1);
    expect(written()).toBe(
      [
        'TAP version 14',
        '1..5',
        'ok 1 - one-fault: Check one',
        'ok 2 - be-the-scheduler: Check one',
        'not ok 3 - be-the-scheduler: a <b> & "c" \\# 100 %, d: e\u0001',
        '  ---',
        '  message:',
        '    - "It goes\\nwrong: a <b> & \\"c\\" # 100 %, d: e\\u0001"',
        '    - "This often comes from a mistaken belief: A lock is enough."',
        '    - "Schedule: 1.two.1.0123abcd~A2-B"',
        '  ...',
        'not ok 4 - be-the-scheduler: Check three',
        '  ---',
        '  message:',
        '    - "not run: an earlier stage has not passed"',
        '  ...',
        'not ok 5 - reproduce-the-bug: begun',
        '  ---',
        '  message:',
        '    - "There is no my/reproduce-the-bug.ts yet."',
        '  ...',
        '# 1 of 3 passed, 1 not begun',
        '',
      ].join('\n'),
    );
  });

  it('is GitHub’s annotations, at the line to blame, and a table on the page of the run', async () => {
    await write('my', 'reproduce-the-bug');
    vi.stubEnv('GITHUB_STEP_SUMMARY', join(root, 'summary.md'));
    expect(await grade('--all', '--report', 'github')).toBe(2);
    const [failed, broken, sum] = written().split('\n');
    expect(failed).toMatch(
      /^::error file=my\/be-the-scheduler\.ts,line=16,title=Be the scheduler%3A a <b> & "c" # 100 %25%2C d%3A e.::It goes%0Awrong: /,
    );
    expect(failed).toContain('%0ASchedule: 1.two.1.0123abcd~A2-B');
    expect(broken).toBe('::error file=my/reproduce-the-bug.ts,line=3,col=7,title=Reproduce the bug::Unexpected token');
    expect(sum).toBe('1 of 3 passed.');
    const table = await readFile(join(root, 'summary.md'), 'utf8');
    expect(table).toContain(
      '| one-fault | passed |  |\n| be-the-scheduler | failed | a <b> & "c" # 100 %, d: e\u0001 |',
    );
  });

  it('remembers all the same', async () => {
    await grade('--all', '--report', 'tap');
    expect((await progress())['one-fault'].status).toBe('passed');
  });
});
