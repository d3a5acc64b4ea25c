import { describe, expect, test } from 'vitest';
import { readCatalogue } from '#course/catalogue';
import { goodCourse, workshopFiles } from '#course/fixtures';
import { parseTrack, planOf } from '#course/tracks';
import { ownPlace, placeIn } from './track-place.ts';

const file = 'content/workshop/tracks/an-hour.yaml';
const plan = (items = '') => {
  const text = workshopFiles[file] ?? '';
  return planOf(parseTrack(file, items ? text.replace(/items:[\s\S]*/, items) : text), readCatalogue(goodCourse));
};
const kinds = (rows: readonly { readonly kind: string }[] = []) => rows.map(({ kind }) => kind);

describe('the place of a lesson in a track', () => {
  test('has the minutes of that track, and when the lesson begins in it', () => {
    const own = planOf(parseTrack(file, workshopFiles[file] ?? ''), readCatalogue(goodCourse));
    const [talk, exercise, debrief] = own.rows.slice(1, 4);
    const place = placeIn(own, 'first');
    expect(place?.begin).toBe(5);
    expect(place?.minutes).toEqual({
      talk: (talk?.end ?? 0) - (talk?.begin ?? 0),
      exercise: 6,
      debrief: (debrief?.end ?? 0) - (debrief?.begin ?? 0),
    });
    expect(place?.rows).toEqual([talk, exercise, debrief]);
  });

  test('tells what comes after it, up to the next lesson', () => {
    expect(kinds(placeIn(plan(), 'first')?.after)).toEqual(['break', 'talk']);
    expect(kinds(placeIn(plan(), 'second')?.after)).toEqual(['closing']);
    expect(placeIn(plan('items:\n  - lesson: first\n'), 'first')?.after).toEqual([]);
  });

  test('has no minutes for what the track leaves out', () => {
    const place = placeIn(plan('items:\n  - lesson: first\n    only: talk\n    talk: 8\n'), 'first');
    expect(place?.minutes).toEqual({ talk: 8, exercise: 0, debrief: 0 });
    expect(kinds(place?.rows)).toEqual(['talk']);
  });

  test('is none where the track does not have the lesson', () => {
    expect(placeIn(plan(), 'third')).toBeUndefined();
  });
});

test('a lesson by itself begins at nothing, and nothing comes after it', () => {
  const place = ownPlace({ talk: 12, exercise: 20, debrief: 0 });
  expect(place.rows.map(({ kind, begin, end }) => [kind, begin, end])).toEqual([
    ['talk', 0, 12],
    ['exercise', 12, 32],
    ['debrief', 32, 32],
  ]);
  expect([place.begin, place.after]).toEqual([0, []]);
});
