import { describe, expect, it } from 'vitest';
import { say } from '#grade/texts';
import type { Verdict } from '#grade/verdict';
import { bugTrace, check, verdict } from './fixtures.ts';
import { plainLook } from './look.ts';
import { widthOf } from './prose.ts';
import { reportLines } from './report.ts';

const context = {
  title: 'One fault',
  file: 'my/one-fault.ts',
  placeOf: (link: string) => (link === '/lessons/one-fault/' ? '(content/lessons/05-one-fault.mdx)' : undefined),
};
const report = (of: Verdict) => reportLines(plainLook, of, context).join('\n');

const explored = { engine: 'graph', states: 13_525, interleavings: '1234567', complete: true } as const;

const failed = check('two', 2, {
  status: 'failed',
  message: say('refused', { says: 'It goes wrong.' }),
  misconception: 'no-recheck',
  because:
    'This often comes from a mistaken belief: A lock round the remap\nremoves the race.\n\nThe loser waited, then went on: `BUG`.\n\n**Read.** [One fault](/lessons/one-fault/)',
  lesson: '/lessons/one-fault/',
  schedule: '1.two.1.0123abcd~A2-B-A-B',
  trace: bugTrace,
});

describe('reportLines', () => {
  it('tells what passed, and how much was explored', () => {
    expect(report(verdict([check('one', 1, { explored }), check('two', 1)]))).toBe(`One fault  my/one-fault.ts

stage 1  + passed     Check one (all 1,234,567 interleavings)
         + passed     Check two

Passed: all 2 checks.`);
  });

  it('tells the first failing check in full', () => {
    const text = report(verdict([check('one', 1), failed, check('three', 3, { status: 'not run' })]));
    expect(text).toMatch(
      /^stage 1 {2}\+ passed {5}Check one\nstage 2 {2}X failed {5}Check two\nstage 3 {2}\. not run {4}Check/m,
    );
    expect(text).toContain('\nX Check two\n  It goes wrong.\n\n      CPU A ');
    expect(text).toContain('\n      :12 means line 12 of your file.\n');
    expect(text).toContain('\nThis often comes from a mistaken belief: A lock round the remap removes the\nrace.\n');
    expect(text).toContain(
      '\n  The loser waited, then went on: `BUG`.\n\n  Read. One fault (content/lessons/05-one-fault.mdx)\n',
    );
    expect(text).toContain('\n      As a schedule: A2-B-A-B\n');
    expect(text).toMatch(/\nNot yet: 1 of 3 checks passed\.$/);
  });

  it('shows the interleaving that a check asked for and was given', () => {
    const found = check('two', 2, { explored, schedule: '1.two.1.0123abcd~A2-B-A-B', trace: bugTrace });
    const text = report(verdict([check('one', 1), found]));
    expect(text).toContain('Check two (found among all 1,234,567 interleavings)');
    expect(text).toMatch(/\n\+ Check two\. Here it is:\n\n {6}CPU A /);
    expect(text).toMatch(
      /As a schedule: A2-B-A-B\n {6}npm run replay -- one-fault A2-B-A-B --check two\n\nPassed: all 2 checks\.$/,
    );
  });

  it('gives the whole command that replays a schedule, where replay runs the same', () => {
    const other = check('two', 1, { status: 'failed', schedule: '1.two.2.0123abcd~A2-B-A-B', trace: bugTrace });
    const said = (more: Partial<typeof context & { isElsewhere: boolean }>) =>
      reportLines(plainLook, verdict([other]), { ...context, ...more }).join('\n');
    expect(said({ file: 'in/x.ts' })).toContain(
      '\n      npm run replay -- one-fault A2-B-A-B --check two --program 2 --submission in/x.ts\n',
    );
    expect(said({ isElsewhere: true })).not.toContain('npm run replay');
  });

  it('says why a check counts states', () => {
    const text = report(verdict([check('one', 1, { explored: { engine: 'graph', states: 204, complete: true } })]));
    expect(text).toContain('Check one (all 204 states)\n\nA state is where every task stands');
    expect(report(verdict([check('one', 1, { explored })]))).not.toContain('A state is');
  });

  it('tells nothing in full of a second one', () => {
    const second = check('later', 2, { status: 'failed', message: say('refused', { says: 'Another thing.' }) });
    expect(report(verdict([failed, second]))).not.toContain('Another thing');
  });

  it('names the place where a file does not compile', () => {
    const errors = [
      { line: 12, column: 5, message: say('syntax', { says: 'Unexpected token' }) },
      { line: 20, message: say('syntax', { says: 'Top-level let' }) },
    ];
    const text = report(verdict([check('one', 1, { status: 'not run' })], { outcome: 'broken', errors }));
    expect(text).toContain('my/one-fault.ts:12:5\n  Unexpected token\nmy/one-fault.ts:20\n  Top-level let');
    expect(text).toMatch(/does not compile: no check ran\.$/);
    expect(text).not.toContain('stage 1');
  });

  it('tells a hung check, with what was explored of an undecided one left out', () => {
    const hung = check('one', 1, { status: 'hung', message: say('hung', { seconds: 10 }) });
    const text = report(verdict([hung], { outcome: 'stopped' }));
    expect(text).toContain('X hung');
    expect(text).toContain('Nothing has moved');
    expect(text).toMatch(/Stopped: 0 of 1 checks had passed\.$/);
  });

  it('shows the words of an exception, and a misconception without text', () => {
    const text = report(
      verdict([check('one', 1, { status: 'failed', native: 'x is not a function', misconception: 'm' })]),
    );
    expect(text).toContain('\n    x is not a function\n');
    expect(text).toContain('This often comes from: m.');
  });

  it('says what was explored', () => {
    const counts = { engine: 'both', states: 1000, executions: 20, programs: 3, complete: true } as const;
    expect(report(verdict([check('one', 1, { explored: counts })])).replaceAll(/\s+/g, ' ')).toContain(
      'Check one (all 1,000 states and 20 executions of 3 programs)',
    );
  });

  it('is no wider than it may be', () => {
    const long = { ...failed, name: 'a long name '.repeat(10), native: 'word '.repeat(60) };
    for (const line of reportLines({ ...plainLook, width: 60 }, verdict([long]), context)) {
      expect(widthOf(line)).toBeLessThanOrEqual(60);
    }
  });
});
