import { describe, expect, test } from 'vitest';
import { Keeper } from './keeper.ts';
import { say } from './texts.ts';
import { type Check, schema, sha256Of, type Verdict } from './verdict.ts';

const request = { exercise: 'one-fault', source: 'export const a = 1;' };
const check = (id: string, status: Check['status'] = 'not run'): Check => ({
  id,
  name: id.toUpperCase(),
  stage: 1,
  status,
});
const known: Verdict = {
  schema,
  course: '1',
  exercise: 'one-fault',
  submission: 'sha',
  outcome: 'failed',
  errors: [],
  checks: [check('a'), check('b'), check('c')],
};
const hung = say('hung', { seconds: 10 });

describe('Keeper', () => {
  test('keeps what is known when the check that runs hangs', () => {
    const keeper = new Keeper(request);
    keeper.hear({ known });
    keeper.hear({ checking: { id: 'a', name: 'A' } });
    keeper.hear({ checked: check('a', 'passed') });
    keeper.hear({ checking: { id: 'b', name: 'B' } });
    keeper.hear({ alive: 7, interleavings: 12 });
    expect(keeper.progress).toEqual({ checking: { id: 'b', name: 'B' }, states: 7, interleavings: 12 });
    keeper.hear({ alive: 7 });
    expect(keeper.progress).toEqual({ checking: { id: 'b', name: 'B' }, states: 7 });
    expect(keeper.stopped('hung', hung)).toEqual({
      ...known,
      outcome: 'stopped',
      checks: [check('a', 'passed'), { ...check('b', 'hung'), message: hung }, check('c')],
    });
  });

  test('names loading when that is what hangs', () => {
    const keeper = new Keeper(request);
    keeper.hear({ checking: { id: 'load', name: 'Loading the submission' } });
    expect(keeper.stopped('hung', hung)).toMatchObject({
      exercise: 'one-fault',
      submission: sha256Of(request.source),
      outcome: 'stopped',
      checks: [{ id: 'load', name: 'Loading the submission', status: 'hung', message: hung }],
    });
  });

  test('has a verdict before anything was heard', () => {
    expect(new Keeper(request).stopped('not run', say('stopped')).checks).toMatchObject([
      { id: 'load', status: 'not run' },
    ]);
  });
});
