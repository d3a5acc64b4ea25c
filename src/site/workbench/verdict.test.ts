import { describe, expect, test } from 'vitest';
import type { Trace } from '#explore';
import type { Check, Verdict } from '#grade/verdict';
import { asGraderMessage, asVerdict } from './verdict-form.ts';
import { summaryOf, verdictMarkup } from './verdict-view.ts';

const message = (text: string) => ({ id: 'x', values: {}, text });
const check = (id: string, more: Partial<Check> = {}): Check => ({ id, name: id, stage: 1, status: 'passed', ...more });
const verdict = (outcome: Verdict['outcome'], checks: Check[], more: Partial<Verdict> = {}): Verdict => ({
  schema: 'faultline/verdict/1',
  course: '1',
  exercise: 'e',
  submission: '0',
  outcome,
  errors: [],
  checks,
  ...more,
});

const noSteps = { program: 'p', schedule: '', steps: [], ending: { kind: 'returned' } };

describe('asVerdict', () => {
  const good = verdict('failed', [check('a', { status: 'failed', message: message('no') })]);
  test('takes a verdict', () => expect(asVerdict(good)).toBe(good));
  test('takes one with a trace', () => {
    const traced = { ...good, checks: [{ ...good.checks[0], trace: noSteps }] };
    expect(asVerdict(traced)).toBe(traced);
  });
  test.each([
    undefined,
    'passed',
    { ...good, outcome: 'brilliant' },
    { ...good, checks: {} },
    { ...good, checks: [{ ...good.checks[0], message: 'no' }] },
    { ...good, checks: [{ ...good.checks[0], status: 'great' }] },
    { ...good, checks: [{ ...good.checks[0], trace: { steps: [{}] } }] },
    ...[
      { tasks: [1] },
      { ending: { kind: 'data race', accesses: [{}] } },
      { ending: { kind: 'deadlock', orders: [{}] } },
    ].map((wrong) => ({ ...good, checks: [{ ...good.checks[0], trace: { ...noSteps, ...wrong } }] })),
    { ...good, checks: [{ ...good.checks[0], explored: { complete: true, interleavings: 'many' } }] },
    { ...good, checks: [{ ...good.checks[0], explored: { complete: true, programs: 'many' } }] },
    { ...good, errors: [{ line: '1', message: message('no') }] },
  ])('refuses what is none: %j', (value) => expect(asVerdict(value)).toBeUndefined());
});

test('asGraderMessage takes what a worker says, and nothing else', () => {
  expect(asGraderMessage({ alive: 7 })).toEqual({ alive: 7 });
  expect(asGraderMessage({ checking: { id: 'a', name: 'b', extra: 1 } })).toEqual({ checking: { id: 'a', name: 'b' } });
  expect(asGraderMessage({ alive: 7, interleavings: 2e20 })).toEqual({ alive: 7, interleavings: 2e20 });
  for (const interleavings of ['7', -1, 0.5, Number.POSITIVE_INFINITY])
    expect(asGraderMessage({ alive: 7, interleavings })).toEqual({ alive: 7 });
  expect(asGraderMessage({ alive: 'yes' })).toBeUndefined();
  expect(asGraderMessage({ checking: 'a' })).toBeUndefined();
});

describe('verdictMarkup', () => {
  const of = (of: Verdict) => verdictMarkup(of, () => '/there').text;

  test('says what a state is where states are told, and not where interleavings are', () => {
    const passed = (explored: Check['explored']) => of(verdict('passed', [check('a', { explored })]));
    expect(passed({ engine: 'graph', states: 204, complete: true })).toContain('A state is where every task stands');
    expect(passed({ engine: 'graph', states: 204, interleavings: '9', complete: true })).not.toContain('A state is');
  });

  test('opens the first check that did not pass', () => {
    const failed = (id: string) => check(id, { status: 'failed', message: message('no') });
    expect(of(verdict('failed', [check('a'), failed('b'), failed('c')])).match(/<details [^>]*>/g)).toEqual([
      '<details class="check failed" data-check="b" open>',
      '<details class="check failed" data-check="c">',
    ]);
  });

  test('folds what passed before it into one line, and nothing else', () => {
    const failed = check('c', { stage: 2, status: 'failed', message: message('no') });
    const shown = of(verdict('failed', [check('a'), check('b'), failed, check('d', { stage: 2 })]));
    const [folded = '', rest = ''] = shown.split('</details>');
    expect(folded).toContain('<span class="name">2 checks before</span>');
    expect(folded).toMatch(/>a<.*>b</s);
    expect(rest).toMatch(/data-check="c" open/);
    expect(of(verdict('failed', [check('a'), failed]))).not.toContain('before');
    expect(of(verdict('passed', [check('a'), check('b'), check('c', { message: message('yes') })]))).not.toContain(
      'before',
    );
  });

  test('opens the execution that an exercise asked for, and says that it was found', () => {
    const trace: Trace = { program: 'p', schedule: 'A', steps: [], ending: { kind: 'bug' } };
    const explored = { engine: 'graph', interleavings: '9', complete: true } as const;
    const shown = of(verdict('passed', [check('a', { message: message('yes') }), check('b', { trace, explored })]));
    expect(shown).toContain('data-check="b" open');
    expect(shown).toContain('passed, <span class="explored">found among all 9 interleavings');
    expect(shown).toContain('href="#what-you-proved"');
  });

  test('shows what Linux would print of the execution, and escapes it', () => {
    const frames = [
      { function: '<b>', file: 'mm/memory.c' },
      { function: 'my_fault', line: 3 },
    ];
    const bug = { operation: 'BUG_ON("BUG_ON(x)")', stack: frames };
    const steps = [
      { task: 'A', operation: '', stack: [], plain: [bug], locks: [], switched: 'no', blocked: [] } as const,
    ];
    const trace: Trace = { program: 'p', schedule: 'A', steps, ending: { kind: 'bug', message: 'BUG_ON(x)' } };
    const shown = of(verdict('failed', [check('a', { status: 'failed', message: message('no'), trace })]));
    expect(shown).toContain('<summary>What Linux would print</summary>');
    expect(shown).toContain('\nRIP: &lt;b&gt; (mm/memory.c)\nCall Trace:\n &lt;TASK&gt;\n my_fault (line 3)\n');
    expect(shown).toContain('<p>A is dead. It held no lock.</p>');
  });

  test('numbers stages only where there are several', () => {
    expect(of(verdict('passed', [check('a')]))).not.toContain('Stage');
    expect(of(verdict('failed', [check('a'), check('b', { stage: 2, status: 'not run' })]))).toContain('Stage 2');
  });

  test('escapes what a forged verdict brings', () => {
    const forged = '<img src=x onerror=alert(1)>';
    const check1 = check(forged, { status: 'failed', message: message(forged), because: forged, native: forged });
    expect(of(verdict('failed', [check1], { errors: [{ line: 1, message: message(forged) }] }))).not.toContain('<img');
  });
});

test('summaryOf counts', () => {
  expect(summaryOf(verdict('failed', [check('a'), check('b', { status: 'failed' })]))).toBe('1 of 2 checks passed');
  expect(summaryOf(verdict('passed', [check('a'), check('b')]))).toBe('all 2 checks');
});
