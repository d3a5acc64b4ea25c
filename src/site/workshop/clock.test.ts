import { describe, expect, it } from 'vitest';
import { startIn, timeAt } from './clock.ts';

describe('timeAt', () => {
  it.each([
    [0, '0:00'],
    [65, '1:05'],
    [240, '4:00'],
  ])('counts %i minutes from the begin, as long as that has no time', (minute, time) => {
    expect(timeAt(minute)).toBe(time);
  });

  it.each([
    ['09:30', 0, '9:30'],
    ['09:30', 45, '10:15'],
    ['23:30', 45, '0:15'],
  ])('counts from %s, %i minutes on', (start, minute, time) => {
    expect(timeAt(minute, start)).toBe(time);
  });
});

describe('startIn', () => {
  it.each([
    ['#start=09:30', '09:30'],
    ['#start=23:59', '23:59'],
    ['', undefined],
    ['#notes', undefined],
    ['#start=24:00', undefined],
    ['#start=9:60', undefined],
    ['#start=<b>', undefined],
  ])('finds in %s the time %s', (fragment, start) => expect(startIn(fragment)).toBe(start));
});
