import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Export, mergeExports, mergeProgress, parseExport, stamp } from './merge.ts';
import {
  type ExerciseProgress,
  formatProgress,
  type Graded,
  givenUp,
  graded,
  hintSeen,
  mayShowSolution,
  NewerProgress,
  noProgress,
  opened,
  type Progress,
  parseProgress,
  passedEarlier,
  predicted,
  progressOf,
  schema,
  stagePassed,
} from './progress.ts';

const now = new Date('2021-06-28T12:36:00Z');
const later = new Date('2021-06-29T12:36:00Z');

function verdict(...stages: [stage: number, status: string][]): Graded {
  const checks = stages.map(([stage, status]) => ({ stage, status }));
  const outcome = checks.every(({ status }) => status === 'passed') ? 'passed' : 'failed';
  return { course: 'v1', submission: 'abc', outcome, checks };
}

const pass = verdict([1, 'passed'], [2, 'passed']);
const half = verdict([1, 'passed'], [2, 'failed']);

describe('what a learner does', () => {
  it('begins as started', () => {
    expect(progressOf(opened(noProgress(), 'a'), 'a')).toEqual({
      status: 'started',
      stage: 0,
      attempts: 0,
      hintsSeen: 0,
      predictions: {},
    });
  });

  it('keeps an entry that is opened again', () => {
    const progress = graded(noProgress(), 'a', pass, now);
    expect(opened(progress, 'a')).toEqual(progress);
  });

  it('counts attempts and stages', () => {
    const progress = graded(graded(noProgress(), 'a', verdict([1, 'failed'], [2, 'not run']), now), 'a', half, now);
    expect(progressOf(progress, 'a')).toMatchObject({ status: 'started', attempts: 2, stage: 1 });
  });

  it('remembers the first pass, and what passed last', () => {
    const again = { ...pass, submission: 'def', course: 'v2' };
    const progress = graded(graded(noProgress(), 'a', pass, now), 'a', again, later);
    expect(progressOf(progress, 'a')).toMatchObject({
      status: 'passed',
      stage: 2,
      firstPassedAt: '2021-06-28T12:36:00.000Z',
      passedWith: { course: 'v2', sha256: 'def' },
    });
  });

  it('stays passed when a later attempt fails', () => {
    const progress = graded(graded(noProgress(), 'a', pass, now), 'a', half, later);
    expect(progressOf(progress, 'a')).toMatchObject({ status: 'passed', stage: 2, attempts: 2 });
  });

  it('counts hints by the furthest one', () => {
    const progress = hintSeen(hintSeen(noProgress(), 'a', 2), 'a', 1);
    expect(progressOf(progress, 'a').hintsSeen).toBe(2);
  });

  it('shows the solution after giving up, and after passing', () => {
    expect(mayShowSolution(opened(noProgress(), 'a'), 'a')).toBe(false);
    expect(mayShowSolution(givenUp(noProgress(), 'a'), 'a')).toBe(true);
    expect(mayShowSolution(graded(noProgress(), 'a', pass, now), 'a')).toBe(true);
  });

  it('lets nobody give up what is passed', () => {
    const passed = graded(noProgress(), 'a', pass, now);
    expect(progressOf(givenUp(passed, 'a'), 'a').status).toBe('passed');
  });

  it('lets one pass who gave up', () => {
    expect(progressOf(graded(givenUp(noProgress(), 'a'), 'a', pass, now), 'a').status).toBe('passed');
  });

  it('locks a prediction with its first answer', () => {
    const progress = predicted(predicted(noProgress(), 'a', 'a/outcome', 'bug'), 'a', 'a/outcome', 'holds');
    expect(progressOf(progress, 'a').predictions).toEqual({ 'a/outcome': 'bug' });
  });
});

describe('stagePassed', () => {
  it('is 0 before the first', () => expect(stagePassed(verdict([1, 'failed']))).toBe(0));
  it('needs every check of a stage', () => expect(stagePassed(verdict([1, 'passed'], [1, 'undecided']))).toBe(0));
  it('stops at the first stage with a failure', () => {
    expect(stagePassed(verdict([1, 'passed'], [2, 'hung'], [3, 'passed']))).toBe(1);
  });
  it('is the last where all passed', () => expect(stagePassed(verdict([3, 'passed'], [1, 'passed']))).toBe(3));
  it('is 0 of a submission that does not compile', () => expect(stagePassed(verdict())).toBe(0));
});

describe('passedEarlier', () => {
  const entry = progressOf(graded(noProgress(), 'a', pass, now), 'a');
  it('tells another version from the same', () => {
    expect(passedEarlier(entry, 'v1')).toBe(false);
    expect(passedEarlier(entry, 'v2')).toBe(true);
  });
  it('concerns only what is passed', () => {
    expect(passedEarlier({ ...entry, status: 'given-up' }, 'v2')).toBe(false);
  });
});

describe('parseProgress', () => {
  const entry = { status: 'started', stage: 0, attempts: 0, hintsSeen: 0, predictions: {} };
  const file = (exercises: unknown) => JSON.stringify({ schema, exercises });

  it('reads what formatProgress writes', () => {
    const progress = graded(hintSeen(noProgress(), 'a', 1), 'a', pass, now);
    expect(parseProgress(formatProgress(progress))).toEqual(progress);
  });

  it('keeps unknown ids and fields', () => {
    const text = JSON.stringify({ schema, name: 'Ada', exercises: { 'of-tomorrow': { ...entry, mood: 'good' } } });
    expect(JSON.parse(formatProgress(parseProgress(text)))).toEqual(JSON.parse(text));
  });

  it.each([
    ['no JSON', 'x', /JSON/],
    ['no object', '[]', /not an object/],
    ['another schema', '{"schema":"faultline/progress/9","exercises":{}}', /progress\/9/],
    ['no exercises', `{"schema":"${schema}"}`, /no list/],
    ['an entry of the wrong kind', file({ a: 1 }), /"a" is not an object/],
    ['an unknown status', file({ a: { ...entry, status: 'done' } }), /status "done"/],
    ['a negative count', file({ a: { ...entry, attempts: -1 } }), /attempts/],
    ['predictions of the wrong kind', file({ a: { ...entry, predictions: { q: 1 } } }), /predictions/],
    ['a time that is none', file({ a: { ...entry, firstPassedAt: 'yesterday' } }), /firstPassedAt/],
    ['half a passedWith', file({ a: { ...entry, passedWith: { course: 'v1' } } }), /passedWith/],
  ])('refuses %s', (_, text, message) => expect(() => parseProgress(text)).toThrow(message));
});

describe('mergeProgress', () => {
  const one = (entry: Partial<ExerciseProgress>): Progress => ({
    schema,
    exercises: { a: { ...progressOf(noProgress(), 'a'), ...entry } },
  });

  it('takes the best status and the earliest pass', () => {
    const mine = one({ status: 'passed', firstPassedAt: '2021-06-29T00:00:00.000Z', attempts: 3 });
    const theirs = one({ status: 'passed', firstPassedAt: '2021-06-28T00:00:00.000Z', attempts: 5 });
    expect(progressOf(mergeProgress(mine, theirs), 'a')).toMatchObject({
      status: 'passed',
      firstPassedAt: '2021-06-28T00:00:00.000Z',
      attempts: 5,
    });
    expect(progressOf(mergeProgress(one({}), one({ status: 'given-up' })), 'a').status).toBe('given-up');
    expect(progressOf(mergeProgress(one({ status: 'passed' }), one({ status: 'given-up' })), 'a').status).toBe(
      'passed',
    );
  });

  it('keeps ids that only one side has', () => {
    const merged = mergeProgress(opened(noProgress(), 'a'), opened(noProgress(), 'b'));
    expect(Object.keys(merged.exercises).sort()).toEqual(['a', 'b']);
  });

  it('keeps my own first answer to a prediction', () => {
    const merged = mergeProgress(
      one({ predictions: { q: 'mine' } }),
      one({ predictions: { q: 'theirs', r: 'theirs' } }),
    );
    expect(progressOf(merged, 'a').predictions).toEqual({ q: 'mine', r: 'theirs' });
  });

  it('changes nothing when merged with itself, or again', () => {
    const entry = fc.record(
      {
        status: fc.constantFrom('started' as const, 'passed' as const, 'given-up' as const),
        stage: fc.nat(5),
        attempts: fc.nat(9),
        hintsSeen: fc.nat(3),
        predictions: fc.dictionary(fc.constantFrom('q', 'r'), fc.constantFrom('x', 'y')),
        firstPassedAt: fc.constantFrom('2021-06-28T00:00:00.000Z', '2022-06-28T00:00:00.000Z'),
      },
      { requiredKeys: ['status', 'stage', 'attempts', 'hintsSeen', 'predictions'] },
    );
    const progress = fc
      .dictionary(fc.constantFrom('a', 'b', 'c'), entry)
      .map((exercises): Progress => ({ schema, exercises }));
    fc.assert(
      fc.property(progress, progress, (mine, theirs) => {
        expect(mergeProgress(mine, mine)).toEqual(mine);
        const merged = mergeProgress(mine, theirs);
        expect(mergeProgress(merged, theirs)).toEqual(merged);
        expect(parseProgress(formatProgress(merged))).toEqual(merged);
      }),
    );
  });
});

describe('mergeExports', () => {
  const withDrafts = (drafts: Record<string, string>): Export => ({ ...noProgress(), drafts });

  it('keeps my draft, and theirs that differs as a dated copy', () => {
    const merged = mergeExports(
      withDrafts({ a: 'mine', b: 'same' }),
      withDrafts({ a: 'theirs', b: 'same', c: 'new' }),
      now,
    );
    expect(merged.drafts).toEqual({ a: 'mine', b: 'same', c: 'new', 'a.2021-06-28T12-36-00': 'theirs' });
  });

  it('loses no copy when two differ in one second, and makes no third of the same', () => {
    const first = mergeExports(withDrafts({ a: 'mine' }), withDrafts({ a: 'theirs' }), now);
    const second = mergeExports(first, withDrafts({ a: 'another' }), now);
    expect(Object.values(second.drafts).sort()).toEqual(['another', 'mine', 'theirs']);
    expect(mergeExports(second, withDrafts({ a: 'another' }), now).drafts).toEqual(second.drafts);
  });
});

describe('parseExport', () => {
  const text = (drafts: unknown) => JSON.stringify({ ...noProgress(), drafts });

  it('reads drafts beside the progress, and a progress file as one without', () => {
    expect(parseExport(text({ a: 'x', 'a.2021-06-28T12-36-00-2': 'y' })).drafts).toEqual({
      a: 'x',
      'a.2021-06-28T12-36-00-2': 'y',
    });
    expect(parseExport(formatProgress(noProgress()))).toEqual({ ...noProgress(), drafts: {} });
  });

  it.each([['../a'], ['a/b'], ['a\\b'], ['.a'], ['a..b'], ['__proto__'], ['a\u0000'], ['']])(
    'refuses %j as the name of a draft',
    (name) => {
      expect(() =>
        parseExport(`{"schema": "${schema}", "exercises": {}, "drafts": {${JSON.stringify(name)}: ""}}`),
      ).toThrow('name of a draft');
    },
  );

  it('refuses drafts that are no texts, and what a newer version wrote', () => {
    expect(() => parseExport(text({ a: 1 }))).toThrow('"a" is no text');
    expect(() => parseExport(text([]))).toThrow('no list');
    expect(() => parseExport('{"schema": "faultline/progress/10"}')).toThrow(NewerProgress);
    expect(() => parseExport('{"schema": "faultline/verdict/2"}')).not.toThrow(NewerProgress);
  });
});

describe('stamp', () => {
  it('can stand in a file name everywhere', () => expect(stamp(now)).toBe('2021-06-28T12-36-00'));
});
