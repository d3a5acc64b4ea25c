import { describe, expect, it } from 'vitest';
import { readCatalogue } from './catalogue.ts';
import { goodCourse, workshopFiles } from './fixtures.ts';
import { exerciseMinutes, parseTrack, planOf } from './tracks.ts';

const file = 'content/workshop/tracks/an-hour.yaml';
const good = workshopFiles[file] ?? '';
const catalogue = readCatalogue(goodCourse);
const parse = (text: string) => parseTrack(file, text);
const plan = (text: string) => planOf(parse(text), catalogue);

describe('parseTrack', () => {
  it('reads what it is, what comes in which order, and what to check before', () => {
    const track = parse(good);
    expect(track.problems).toEqual([]);
    expect(track).toMatchObject({ id: 'an-hour', title: 'An hour', minutes: 75, tried: false, walked: false });
    expect(parse(good.replace('tried: false', 'tried: false\nwalked: true'))).toMatchObject({
      walked: true,
      problems: [],
    });
    expect(track.before).toEqual(['Have both animals there.']);
    expect(track.items.map(({ line: _, ...item }) => item)).toEqual([
      { kind: 'opening', minutes: 5 },
      { kind: 'lesson', lesson: 'first', exercise: 6, does: 'The first question alone.' },
      { kind: 'break', minutes: 10 },
      { kind: 'lesson', lesson: 'second', cut: 'exercise', instead: 'Show how it ends.' },
      { kind: 'closing', minutes: 5, cut: 'all' },
    ]);
  });

  it.each<[string, string, string, string, number]>([
    ['no title', 'title: An hour\n', '', 'a track has `title`', 1],
    ['no items', /items:[\s\S]*/.exec(good)?.[0] ?? '', '', 'a track has `items`', 1],
    [
      'an item that is two things',
      '- break: 10',
      '- break: 10\n    lesson: first',
      'one of opening, lesson, break',
      11,
    ],
    ['an item that is nothing', '- break: 10', '- pause: 10', 'one of opening, lesson, break', 11],
    ['an item that is a word', '- break: 10', '- break', 'an item of a track is a list of named fields', 11],
    ['a break of no length', '- break: 10', '- break: 0', 'an item of a track has `break`: a whole number', 11],
    ['a slip in a field', 'exercise: 6', 'exersise: 6', 'an item of a track has no `exersise`', 8],
    ['an exercise in a break', '- break: 10', '- break: 10\n    exercise: 5', 'has no `exercise`', 11],
    ['only something else', 'exercise: 6', 'only: exercise', 'an item of a track has `only`: talk', 8],
    ['only the talk, and an exercise', 'exercise: 6', 'exercise: 6\n    only: talk', 'is told, or has an exercise', 8],
    [
      'a cut of what is not there',
      '- closing: 5\n    cutWhenLate: true',
      '- closing: 5\n    cutWhenLate: exercise',
      'has `cutWhenLate`: true',
      15,
    ],
    [
      'a cut of the exercise of a talk',
      'cutWhenLate: exercise',
      'only: talk\n    cutWhenLate: exercise',
      'has `cutWhenLate`: true',
      12,
    ],
    ['something instead of nothing', 'cutWhenLate: exercise', '', 'what is done instead', 12],
    ['minutes of nothing', '    instead: Show how it ends.\n', '    insteadTakes: 5\n', 'beside an `instead`', 12],
    ['a walk that was none', 'tried: false', 'tried: false\nwalked: false', 'has `walked`: true', 1],
  ])('names %s', (_, from, to, rule, line) => {
    expect(good).toContain(from);
    const { problems } = parse(good.replace(from, to));
    expect(problems).toHaveLength(1);
    expect(problems[0]?.rule).toContain(rule);
    expect(problems[0]).toMatchObject({ file, line });
  });
});

describe('planOf', () => {
  it('gives each row its place, from the notes and from the middle of each range', () => {
    const { rows, total, inHand } = plan(good);
    expect(rows.map(({ kind, begin, end, lesson }) => [kind, begin, end, lesson?.id])).toEqual([
      ['opening', 0, 5, undefined],
      ['talk', 5, 15, 'first'],
      ['exercise', 15, 21, 'first'],
      ['debrief', 21, 26, 'first'],
      ['break', 26, 36, undefined],
      ['talk', 36, 46, 'second'],
      ['exercise', 46, 54, 'second'],
      ['debrief', 54, 59, 'second'],
      ['closing', 59, 64, undefined],
    ]);
    expect([total, inHand]).toEqual([64, 11]);
  });

  it('takes another length of a talk from the track', () => {
    expect(plan(good.replace('exercise: 6', 'only: talk\n    talk: 7')).rows[1]).toMatchObject({ begin: 5, end: 12 });
  });

  it('says what is done beside the exercise, or beside the talk where there is none', () => {
    const doing = (text: string) => plan(text).rows.find(({ does }) => does !== undefined)?.kind;
    expect(doing(good)).toBe('exercise');
    expect(doing(good.replace('exercise: 6', 'only: talk'))).toBe('talk');
  });

  it('counts what each cut gives', () => {
    const { rows, cuts } = plan(good);
    expect(cuts.map(({ kind, begin, lesson, leaves, minutes }) => [kind, begin, lesson?.id, leaves, minutes])).toEqual([
      ['exercise', 46, 'second', 'the talk', 13],
      ['closing', 59, undefined, 'nothing', 5],
    ]);
    expect(cuts[0]?.instead).toBe('Show how it ends.');
    expect(rows.filter(({ isCut }) => isCut).map(({ kind }) => kind)).toEqual(['exercise', 'debrief', 'closing']);
    const [whole] = plan(good.replace('cutWhenLate: exercise', 'cutWhenLate: true')).cuts;
    expect(whole).toMatchObject({ begin: 36, leaves: 'nothing', minutes: 23 });
  });

  it('does not count as won what is done instead', () => {
    const { cuts } = plan(good.replace('Show how it ends.', 'Show how it ends.\n    insteadTakes: 4'));
    expect(cuts[0]?.minutes).toBe(13 - 4);
  });

  it('gives no time to a lesson that is unknown or has no notes', () => {
    const { rows } = plan(good.replace('lesson: first', 'lesson: third'));
    expect(rows.map(({ lesson }) => lesson?.id)).not.toContain('third');
    expect(rows[0]?.end).toBe(rows[1]?.begin);
  });
});

describe('minutes', () => {
  it('are the middle of the range, rounded up', () => {
    expect(catalogue.lessons.map(exerciseMinutes)).toEqual([8, 8]);
  });
});
