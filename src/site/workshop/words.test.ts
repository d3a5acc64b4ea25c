import { describe, expect, it } from 'vitest';
import { readCatalogue } from '#course/catalogue';
import { goodCourse } from '#course/fixtures';
import { planOf } from '#course/tracks';
import { howTried, howTriedAll, whatIsCut, whatIsTaught } from './words.ts';

const catalogue = readCatalogue(goodCourse);
const plan = catalogue.tracks.map((track) => planOf(track, catalogue))[0]!;

describe('what is taught', () => {
  it('counts lessons, and those with an exercise where not all have one', () => {
    expect(whatIsTaught(plan)).toBe('2 lessons with their exercises');
    const rows = plan.rows.filter(({ kind, lesson }) => kind !== 'exercise' || lesson?.id !== 'first');
    expect(whatIsTaught({ rows })).toBe('2 lessons, 1 of them with an exercise');
  });
});

describe('what is left out', () => {
  it('is an exercise, a lesson, or a part that is none', () => {
    const [exercise, closing] = plan.cuts;
    expect(whatIsCut(exercise!)).toBe('the exercise of “Second”, and its debrief');
    expect(whatIsCut({ ...exercise!, leaves: 'nothing' })).toBe('“Second”');
    expect(whatIsCut(closing!)).toBe('the closing');
  });
});

describe('how far the times may be believed', () => {
  it('is said of a track until it was held with a room', () => {
    expect(howTried({ tried: false, walked: false })).toContain('estimated: nobody has held this track');
    expect(howTried({ tried: false, walked: true })).toContain('Walked through');
    expect(howTried({ tried: true, walked: true })).toBe('');
  });

  it('is said of all tracks together, as long as none was held', () => {
    const [no, walked, held] = [
      { tried: false, walked: false },
      { tried: false, walked: true },
      { tried: true, walked: false },
    ];
    expect(howTriedAll([no, no])).toContain('all times are estimates');
    expect(howTriedAll([walked, no])).toContain('each track says');
    expect(howTriedAll([walked, held])).toBe('');
  });
});
