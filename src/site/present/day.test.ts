import { describe, expect, test } from 'vitest';
import { behind, dayText, minuteOfDay } from './day.ts';

/** From 9:10: the talk until 9:22, the exercise until 9:45, the debrief until 9:50. */
const planned = { minutes: { talk: 12, exercise: 23, debrief: 5 }, begin: 10, start: '09:00' };
const minutes = (count: number): number => count * 60_000;
const at = (hour: number, minute: number): number => hour * 60 + minute;

describe('how far behind the plan one is', () => {
  test('is how much later than planned the lesson began, as long as its phases take what they may', () => {
    expect(behind(planned, 'talk', minutes(0), at(9, 16))).toBe(6);
    expect(behind(planned, 'talk', minutes(8), at(9, 24))).toBe(6);
    expect(behind(planned, 'exercise', minutes(20), at(9, 36))).toBe(6);
  });

  test('grows where a phase takes longer', () => {
    expect(behind(planned, 'talk', minutes(15), at(9, 25))).toBe(3);
  });

  test('shrinks where one is done with a phase before its end', () => {
    expect(behind(planned, 'exercise', minutes(8), at(9, 24))).toBe(2);
    expect(behind(planned, 'debrief', minutes(12), at(9, 22))).toBe(-23);
  });

  test('is told across midnight', () => {
    const late = { ...planned, start: '23:45' };
    expect(behind(late, 'talk', 0, at(0, 1))).toBe(6);
    expect(behind(late, 'exercise', minutes(12), at(0, 2))).toBe(-5);
    expect(behind({ ...planned, start: '00:00', begin: 2 }, 'talk', 0, at(23, 58))).toBe(-4);
  });
});

describe('is said', () => {
  test('in whole minutes', () => {
    expect(dayText(planned, 'talk', minutes(1), at(9, 17.9))).toBe('6 min behind plan');
    expect(dayText(planned, 'talk', minutes(12), at(9, 18))).toBe('4 min ahead of plan');
    for (const minute of [10.1, 11.9]) expect(dayText(planned, 'talk', minutes(1), at(9, minute))).toBe('on plan');
  });

  test('with what it supposes, while the clock stands at nothing', () => {
    expect(dayText(planned, 'exercise', 0, at(9, 25))).toBe('3 min behind plan, if the exercise begins now');
    const told = { ...planned, minutes: { talk: 8, exercise: 0, debrief: 0 } };
    expect(dayText(told, 'exercise', 0, at(9, 18))).toBe('on plan, if the lesson begins now');
  });
});

test('a moment is a minute of its day, with a part of one', () => {
  expect(minuteOfDay(new Date(2026, 0, 2, 9, 16, 30))).toBe(at(9, 16.5));
});
