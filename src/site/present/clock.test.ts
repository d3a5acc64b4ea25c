import { describe, expect, test } from 'vitest';
import { beginOf, elapsed, endOf, isOver, standingText, timeText, toggled, unstarted } from './clock.ts';

const minutes = (count: number): number => count * 60_000;
const plan = { talk: 12, exercise: 23, debrief: 5 };

describe('the clock', () => {
  test('counts while it runs, and stands while it is paused', () => {
    const running = toggled(unstarted, 1000);
    expect(elapsed(running, 4000)).toBe(3000);
    const paused = toggled(running, 5000);
    expect(elapsed(paused, 9000)).toBe(4000);
    expect(elapsed(toggled(paused, 10_000), 12_000)).toBe(6000);
  });

  test('does not run backwards where the machine’s own is set back', () => {
    expect(elapsed(toggled(unstarted, 5000), 1000)).toBe(0);
  });

  test('is written with minutes and seconds, and with hours where there are any', () => {
    expect([0, 59_999, 425_000, 3_725_000].map(timeText)).toEqual(['0:00', '0:59', '7:05', '1:02:05']);
  });
});

describe('the plan', () => {
  test('ends each phase after those before it', () => {
    expect([endOf(plan, 'talk'), endOf(plan, 'exercise'), endOf(plan, 'debrief')]).toEqual([12, 35, 40]);
  });

  test('begins each where the one before it ends', () => {
    expect([beginOf(plan, 'talk'), beginOf(plan, 'exercise'), beginOf(plan, 'debrief')]).toEqual([0, 12, 35]);
  });

  test('speaks of the lesson in a phase that it leaves out', () => {
    const told = { talk: 8, exercise: 0, debrief: 0 };
    expect(standingText(told, 'exercise', minutes(5))).toBe('3 min left for the lesson');
    expect(standingText(told, 'exercise', minutes(9))).toBe('1 min over, in the lesson');
  });

  test('says how much is left, or by how much it is over', () => {
    expect(standingText(plan, 'talk', minutes(8.5))).toBe('4 min left for the talk');
    expect(standingText(plan, 'exercise', minutes(12))).toBe('23 min left for the exercise');
    expect(standingText(plan, 'talk', minutes(13.5))).toBe('2 min over, in the talk');
    expect([12, 12.1].map((time) => isOver(plan, 'talk', minutes(time)))).toEqual([false, true]);
  });
});
