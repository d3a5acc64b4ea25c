import { describe, expect, it } from 'vitest';
import { codeOf, type Report, readCode } from './code.ts';
import type { Gauged } from './gauged.ts';
import { piecesIn } from './pieces.ts';
import {
  emptyRoom,
  formatRoom,
  parseRoom,
  picturesOf,
  type Room,
  tallied,
  unreadIn,
  withCode,
  withoutCode,
} from './room.ts';

const check = (id: string, stage: number) => ({ id, name: `Check ${id}`, stage });
const one: Gauged = {
  id: 'one',
  title: 'One',
  checks: [check('alone', 1), check('together', 2)],
  misconceptions: [
    { id: 'early-unlock', belief: 'It is safe by now.' },
    { id: 'no-recheck', belief: 'A lock removes the race.' },
  ],
};
const two: Gauged = { id: 'two', title: 'Two', checks: [check('all', 1)], misconceptions: [] };
const course = [one, two];

const code = (who: number, checks: Report['checks'], misconception?: string) =>
  codeOf({ exercise: 'one', who, checks, ...(misconception && { misconception }) }, one);
const roomOf = (...codes: string[]): Room => codes.reduce((room, each) => withCode(room, each, course), emptyRoom);

const passes = code(1, ['passed', 'passed']);
const races = code(2, ['passed', 'failed'], 'no-recheck');
const racesToo = code(3, ['passed', 'failed'], 'no-recheck');
const unlocks = code(4, ['failed', 'not run'], 'early-unlock');
const broken = code(5, ['not run', 'not run']);
const ofTwo = codeOf({ exercise: 'two', who: 1, checks: ['undecided'] }, two);

describe('a room', () => {
  it('counts what its codes say, exercise by exercise, the most frequent belief first', () => {
    const [first, second, ...more] = picturesOf(roomOf(ofTwo, passes, unlocks, races, racesToo, broken), course);
    expect(first).toMatchObject({
      exercise: { id: 'one' },
      done: 1,
      broken: 1,
      checks: [
        { id: 'alone', counts: { passed: 3, failed: 1, undecided: 0, hung: 0, 'not run': 1 } },
        { id: 'together', counts: { passed: 1, failed: 2, undecided: 0, hung: 0, 'not run': 2 } },
      ],
      misconceptions: [
        { id: 'no-recheck', count: 2 },
        { id: 'early-unlock', count: 1 },
      ],
    });
    expect(first?.sent.map((each) => each.code)).toEqual([broken, racesToo, races, unlocks, passes]);
    expect(second).toMatchObject({ exercise: { id: 'two' }, done: 0, checks: [{ counts: { undecided: 1 } }] });
    expect(more).toEqual([]);
  });

  it('counts learners with the same state each, and a learner who reports again once', () => {
    const again = code(2, ['passed', 'passed']);
    const room = roomOf(races, racesToo, again);
    expect(room.codes).toEqual([racesToo, again]);
    expect(picturesOf(room, course)[0]).toMatchObject({ done: 1, misconceptions: [{ count: 1 }] });
    expect(roomOf(races, races).codes).toEqual([races]);
  });

  it('keeps what a learner said of another exercise', () => {
    expect(roomOf(passes, ofTwo, unlocks).codes).toEqual([passes, ofTwo, unlocks]);
  });

  it('forgets a code', () => {
    expect(withoutCode(roomOf(passes, races), passes).codes).toEqual([races]);
  });

  it('keeps codes that it cannot read, and counts nobody for them', () => {
    const room = { ...emptyRoom, codes: [passes] };
    const grown = withCode(room, ofTwo, [two]);
    expect(grown.codes).toEqual([passes, ofTwo]);
    expect(unreadIn(grown, [two])).toEqual([passes]);
    expect(picturesOf(grown, [two]).map(({ exercise }) => exercise.id)).toEqual(['two']);
  });

  it('counts by hand, never below nobody', () => {
    const room = tallied(tallied(tallied(emptyRoom, 'one', 2, 1), 'one', 2, 1), 'one', 1, -1);
    expect(room.tally).toEqual({ one: { 1: 0, 2: 2 } });
  });

  it('can be kept as a text', () => {
    const room = tallied(roomOf(passes, ofTwo), 'two', 1, 3);
    expect(parseRoom(formatRoom(room))).toEqual(room);
  });

  it.each([
    '[]',
    '{"schema":"faultline/room/2","codes":[],"tally":{}}',
    '{"schema":"faultline/room/1","codes":[1],"tally":{}}',
    '{"schema":"faultline/room/1","codes":[],"tally":{"one":{"1":-1}}}',
    '{"schema":"faultline/room/1","codes":[],"tally":[]}',
    '{',
  ])('is not made of %s', (text) => {
    expect(() => parseRoom(text)).toThrow();
  });
});

describe('a text with codes in it', () => {
  const found = (text: string) =>
    piecesIn(text, course).map(({ text, reading }) =>
      reading.is === 'report' ? reading.code : `${text}: ${reading.is}`,
    );

  it.each([
    ['lines', [races, passes].join('\n')],
    ['commas', `${races},${passes}`],
    ['one space', `${races} ${passes}`],
    ['spaces instead of dashes', `${races.replaceAll('-', ' ')} ; ${passes.replaceAll('-', ' ')}`],
    ['spaces everywhere', `${races} ${passes}`.replaceAll('-', ' ')],
    ['names and colons', `Ada: ${races}\n> Grace Hopper wrote: ${passes}!`],
    ['small letters', `${races} and ${passes}`.toLowerCase()],
  ])('may have %s between them', (_, text) => {
    expect(found(text)).toEqual([races, passes]);
  });

  it('says of each what it is not', () => {
    const torn = races.slice(0, -1);
    expect(found(`${torn}\n${passes}\n7K3M`)).toEqual([`${torn}: of another length`, passes, '7K3M: slip']);
    expect(found(`${torn} ${torn}`)).toEqual([`${torn}: of another length`, `${torn}: of another length`]);
  });

  it('says what words are not, where there is nothing else', () => {
    expect(found('good evening')).toEqual(['good evening: slip']);
    expect(found('')).toEqual([]);
    expect(found('…')).toEqual([]);
  });

  it('offers what was meant', () => {
    const other = races.at(-1) === '0' ? '2' : '0';
    const [piece] = piecesIn(`Ada ${races.slice(0, -1)}${other}`, course);
    expect(readCode(races, course).is).toBe('report');
    expect(piece?.reading).toMatchObject({ is: 'slip', meant: expect.arrayContaining([races]) });
  });
});
