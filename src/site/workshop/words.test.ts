import { describe, expect, it } from 'vitest';
import { readCatalogue } from '#course/catalogue';
import { goodCourse } from '#course/fixtures';
import { planOf } from '#course/tracks';
import { whatIsCut, whatIsTaught } from './words.ts';

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
