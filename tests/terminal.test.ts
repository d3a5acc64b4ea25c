/** The commands of the terminal as processes, in a house with a small course of its own: what they print, and how they exit. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { answers, buildHouse, fixture } from './house.ts';

const { house, run, grade, draft, clear, remove } = buildHouse();
beforeEach(clear);
afterAll(remove);

describe('npm run grade', () => {
  it('passes a solution with 0, and writes no progress for a file that is not the learner’s', () => {
    const { status, stdout, stderr } = grade('--submission', join(answers, 'solution.ts'));
    expect(stdout).toContain('✓ passed     faults at once (both interleavings)');
    expect(stdout).toMatch(/Passed: all 2 checks\.\n$/);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(existsSync(join(house, 'my'))).toBe(false);
  });

  it('fails a starter with 1: the interleaving in columns, the belief, where to read, the schedule', () => {
    const { status, stdout } = grade('--submission', join(answers, 'exercise.ts'));
    expect(status).toBe(1);
    expect(stdout).toContain('      CPU A                                 CPU B\n');
    expect(stdout).toContain('─── A is interrupted, B goes on ───');
    expect(stdout).toMatch(/✗ {5}check: lost update/);
    expect(stdout).toContain(
      'This often comes from a mistaken belief: Nobody comes between two lines that\nstand next',
    );
    expect(stdout).toContain('Read. Count a fault (under “the rule”)');
    expect(stdout).toContain('As a schedule: A-B2-A\n');
  });

  it('writes in ASCII where the locale has no more', () => {
    const { stdout } = run('grade', ['count-a-fault', '--submission', join(answers, 'exercise.ts')], { LC_ALL: 'C' });
    expect(stdout).toContain('--- A is interrupted, B goes on ---');
    expect(stdout).toMatch(/^[\n\x20-\x7e]*$/);
  });

  it("grades the learner's own file, and remembers it", () => {
    draft(readFileSync(join(fixture, answers, 'right', 'compare-and-swap.ts'), 'utf8'));
    expect(grade().status).toBe(0);
    const progress = JSON.parse(readFileSync(join(house, 'my', 'progress.json'), 'utf8'));
    expect(progress.exercises['count-a-fault']).toMatchObject({ status: 'passed', stage: 2, attempts: 1 });
  });

  it('names line and column of what does not compile, with 2', () => {
    draft('import { update } from "#explore";\nexport function* countFault( {\n');
    const { status, stdout } = grade();
    expect(stdout).toMatch(/^my\/count-a-fault\.ts:\d+:\d+\n {2}\S/m);
    expect(status).toBe(2);
  });

  it('prints the verdict and nothing else with --json, with the same exits', () => {
    const passed = grade('--json', '--submission', join(answers, 'solution.ts'));
    expect(JSON.parse(passed.stdout)).toMatchObject({ schema: 'faultline/verdict/1', outcome: 'passed' });
    expect({ status: passed.status, stderr: passed.stderr }).toEqual({ status: 0, stderr: '' });
    const failed = grade('--json', '--submission', join(answers, 'wrong', 'swap-once.ts'));
    expect(failed.status).toBe(1);
    expect(JSON.parse(failed.stdout).checks[1].misconception).toBe('swap-without-loop');
    const missing = grade('--json', '--submission', 'nothing.ts');
    expect(missing.status).toBe(2);
    expect(JSON.parse(missing.stdout).outcome).toBe('broken');
  });

  it('suggests an id, and says that there is no file, with 2', () => {
    const unknown = run('grade', ['count-a-falut']);
    expect(unknown).toMatchObject({ status: 2, stdout: '' });
    expect(unknown.stderr).toContain('Did you mean:\n  count-a-fault\n');
    expect(grade()).toMatchObject({ status: 2, stdout: '' });
    expect(grade().stderr).toContain('npm run learn -- count-a-fault');
  });

  it('finds a file from where npm was called', () => {
    draft(readFileSync(join(fixture, answers, 'solution.ts'), 'utf8'));
    const env = { npm_lifecycle_event: 'grade', INIT_CWD: join(house, 'my') };
    const { status, stdout } = run('grade', ['count-a-fault', '--submission', 'count-a-fault.ts'], env);
    expect(stdout).toContain('my/count-a-fault.ts');
    expect(status).toBe(0);
  });
});

describe('npm run learn', () => {
  it('says what to do where there is no terminal, with 2', () => {
    const { status, stdout, stderr } = run('learn', []);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('npm run grade -- <id>');
  });
});

describe('npm run check', () => {
  it('suggests an id, with 2', () => {
    const { status, stderr } = run('check', ['--only', 'count']);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'There is no exercise "count". Did you mean:\n  count-a-fault\n',
    });
  });
});
