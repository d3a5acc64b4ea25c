import { describe, expect, test } from 'vitest';
import { headlineOf, listOf, type Row, type State, speedAnswer } from './report.ts';

const row = (name: string, state: State, todo?: string): Row => ({
  name,
  state,
  says: `${name} it is.`,
  ...(todo && { todo }),
});

describe('the headline', () => {
  test.each([
    [['good', 'told'], 'This browser is ready.'],
    [['good', 'fair'], 'This browser will do, but look at b.'],
    [['fair', 'fair'], 'This browser will do, but look at a, b.'],
    [['bad', 'fair'], 'This browser will not do: a.'],
  ] as [State[], string][])('of %j', (states, headline) =>
    expect(headlineOf(states.map((state, at) => row('AB'.charAt(at), state)))).toBe(headline),
  );
});

test('the list says all that the page says', () => {
  expect(listOf([row('Workers', 'good'), row('Storage', 'fair', 'Allow it.')], ['http://here/', 'Browser 1'])).toBe(
    [
      'This browser will do, but look at storage.',
      'Workers (works): Workers it is.',
      'Storage (look at this): Storage it is. Allow it.',
      'http://here/',
      'Browser 1',
    ].join('\n'),
  );
});

describe('grading', () => {
  test.each([
    [400, 'good', '0.4 seconds'],
    [1000, 'good', '1.0 seconds'],
    [1001, 'fair', '1.0 seconds'],
    [5000, 'fair', '5.0 seconds'],
    [5001, 'bad', '5.0 seconds'],
  ])('in %i ms is %s', (milliseconds, state, words) => {
    const answer = speedAnswer(milliseconds);
    expect(answer).toMatchObject({ state, says: expect.stringContaining(words) });
    expect(answer.todo === undefined).toBe(state === 'good');
  });
});
