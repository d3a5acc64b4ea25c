import { describe, expect, test } from 'vitest';
import { askedIn, complaintOf, searchFor } from './plan-address.ts';

describe('the plan that a presentation keeps to', () => {
  test('is read from its address as it is written into it', () => {
    expect(askedIn(searchFor('half-day'))).toEqual({ track: 'half-day', start: undefined });
    expect(searchFor('half-day', '09:00')).toBe('?track=half-day&start=09:00');
    expect(askedIn('?track=half-day&start=09:00')).toEqual({ track: 'half-day', start: '09:00' });
    expect(askedIn('?track=half-day&start=09%3A00')).toEqual({ track: 'half-day', start: '09:00' });
    expect(askedIn('')).toEqual({ track: undefined, start: undefined });
  });

  test.each<[string, string, boolean, RegExp | undefined]>([
    ['nothing', '', false, undefined],
    ['a track that has the lesson', '?track=half-day', true, undefined],
    ['such a track, and a start', '?track=half-day&start=09:00', true, undefined],
    ['a track that has it not', '?track=nine-days', false, /no track/],
    ['the same, and a start', '?track=nine-days&start=25:00', false, /no track/],
    ['no time of day', '?track=half-day&start=25:00', true, /no time of day/],
    ['a start alone', '?start=09:00', false, /needs a track/],
  ])('%s: says what is wrong with it, if anything', (_, search, hasLesson, said) => {
    const complaint = complaintOf(askedIn(search), hasLesson);
    if (said) expect(complaint).toMatch(said);
    else expect(complaint).toBe('');
  });
});
