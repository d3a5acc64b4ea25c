/** list, hint, replay and progress as processes. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { answers, buildHouse, fixture } from './house.ts';

const { house, run, grade, draft, progress, clear, remove } = buildHouse();
beforeEach(clear);
afterAll(remove);

const text = (name: string) => readFileSync(join(fixture, answers, name), 'utf8');
const starter = join(answers, 'exercise.ts');
const replay = (...args: string[]) => run('replay', ['count-a-fault', ...args]);

describe('npm run replay', () => {
  /** Where the starter loses a fault, as a link would have it. */
  const schedule = () => JSON.parse(grade('--json', '--submission', starter).stdout).checks[1].schedule as string;

  it('shows what a schedule of the report leads to: columns, the machine, the steps', () => {
    const full = schedule();
    expect(full).toMatch(/^1\.[a-z-]+\.\d+\.[0-9a-f]{8}~A-B2-A$/);
    const { status, stdout, stderr } = replay(full, '--submission', starter);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('      CPU A                                 CPU B\n');
    expect(stdout).toContain('─── A is interrupted, B goes on ───');
    expect(stdout).toContain('As a schedule: A-B2-A\n');
    expect(stdout).toMatch(/✗ {5}check: /);
  });

  it('refuses one that was made for other code, unless it is told to go on', () => {
    const full = schedule();
    draft(text('exercise.ts').replace('before + 1', '1 + before'));
    const refused = replay(full);
    expect(refused).toMatchObject({ status: 2, stdout: '' });
    expect(refused.stderr).toMatch(/made for other code[\s\S]*--anyway/);
    const anyway = replay(full, '--anyway');
    expect(anyway.status).toBe(0);
    expect(anyway.stdout).toContain('As a schedule: A-B2-A\n');
  });

  it('runs bare steps of the check that is named', () => {
    draft(text('exercise.ts'));
    const check = schedule().split('.')[1] ?? '';
    const alone = replay('B');
    expect(alone.stderr).toContain(`Of which check? Add --check, with one of:`);
    expect(alone).toMatchObject({ status: 2, stdout: '' });
    const { status, stdout } = replay('B', '--check', check);
    expect(stdout).toContain('As a schedule: B2-A2\n');
    expect(stdout).toContain('All have returned, and nothing went wrong.');
    expect(status).toBe(0);
    expect(replay('B', '--check', 'nothing').stderr).toContain(`  ${check}\n`);
    expect(replay('B', '--check', check, '--program', '99').stderr).toContain('explores no program number 99');
  });

  it('says what is wrong with a schedule', () => {
    draft(text('exercise.ts'));
    const check = schedule().split('.')[1] ?? '';
    for (const [steps, why] of [
      ['C', 'no task C'],
      ['A9', 'cannot be run'],
      ['%', 'cannot be run'],
    ] as const) {
      const said = replay(steps, '--check', check);
      expect(said).toMatchObject({ status: 2, stdout: '' });
      expect(said.stderr).toContain(why);
    }
    expect(replay().stderr).toContain('npm run replay -- <id> <schedule>');
    expect(replay('A', '--check', check, '--step', '9').stderr).toContain('There is no step 9');
  });

  it('writes no progress, and prints the trace alone with --json', () => {
    const { stdout, status } = replay(schedule(), '--submission', starter, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ schedule: 'A-B2-A', ending: { kind: 'check' } });
    expect(status).toBe(0);
    expect(existsSync(join(house, 'my'))).toBe(false);
  });
});

describe('npm run grade, for a CI', () => {
  it('prints a report and nothing else, and its exit is honest', () => {
    const reports = { junit: /^<\?xml/, tap: /^TAP version 14\n1\.\.2\n/, github: /^::error file=exercises\// };
    for (const [form, begins] of Object.entries(reports)) {
      const { status, stdout, stderr } = grade('--report', form, '--submission', starter);
      expect(stdout).toMatch(begins);
      expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    }
    expect(run('grade', ['--all', '--report', 'tap'])).toMatchObject({ status: 1, stderr: '' });
  });
});

describe('npm run list and npm run hint', () => {
  it('list what there is, and remember which hint was seen', () => {
    expect(run('list', []).stdout).toContain('count-a-fault  · not begun\n');
    const hint = run('hint', ['count-a-fault', '2']);
    expect(hint.stdout).toMatch(/hint 2 of 3\n {2}\S/);
    expect(hint).toMatchObject({ status: 0, stderr: '' });
    expect(progress().exercises['count-a-fault']).toMatchObject({ status: 'started', hintsSeen: 2 });
    expect(JSON.parse(run('list', ['--json']).stdout).exercises[0]).toMatchObject({ status: 'started', hintsSeen: 2 });
  });
});

describe('npm run progress', () => {
  it('exports to where the person stands, and imports from there', () => {
    draft(text('solution.ts'));
    grade();
    const before = progress();
    const env = { npm_lifecycle_event: 'progress', INIT_CWD: join(house, 'content') };
    expect(run('progress', ['export', 'mine.json'], env)).toMatchObject({ status: 0, stderr: '' });
    clear();
    expect(run('progress', ['import', 'content/mine.json'])).toMatchObject({ status: 0, stderr: '' });
    expect(progress()).toEqual(before);
    expect(readFileSync(join(house, 'my', 'count-a-fault.ts'), 'utf8')).toBe(text('solution.ts'));
    writeFileSync(join(house, 'bad.json'), '{"schema": "faultline/progress/9"}');
    const refused = run('progress', ['import', 'bad.json']);
    expect(refused.stderr).toContain('newer version');
    expect(refused.status).toBe(2);
    expect(progress()).toEqual(before);
  });
});
