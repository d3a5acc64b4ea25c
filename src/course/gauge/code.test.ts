import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf, learners, type Report, readCode, states } from './code.ts';
import type { Gauged } from './gauged.ts';
import { letters } from './letters.ts';

const exercise = (id: string, checks: number, beliefs: number): Gauged => ({
  id,
  title: `The title of ${id}`,
  checks: Array.from({ length: checks }, (_, at) => ({ id: `check-${at}`, name: `Check ${at}`, stage: 1 + (at >> 1) })),
  misconceptions: Array.from({ length: beliefs }, (_, at) => ({ id: `belief-${at}`, belief: `Belief ${at}.` })),
});

const course = [exercise('one-fault', 2, 9), exercise('what-was-merged', 8, 17), exercise('many', 12, 30)];
const [one, merged] = course as [Gauged, Gauged];

const reportOn = ({ id, checks, misconceptions }: Gauged): fc.Arbitrary<Report> =>
  fc.record(
    {
      exercise: fc.constant(id),
      who: fc.nat(learners - 1),
      checks: fc.array(fc.constantFrom(...states), { minLength: checks.length, maxLength: checks.length }),
      misconception: fc.constantFrom(...misconceptions.map((each) => each.id)),
    },
    { requiredKeys: ['exercise', 'who', 'checks'] },
  );
const anyReport = fc.oneof(...course.map(reportOn));
const gaugedOf = (report: Report) => course.find(({ id }) => id === report.exercise)!;
const anyCode = anyReport.map((report) => codeOf(report, gaugedOf(report)));
const read = (text: string) => readCode(text, course);

describe('a code', () => {
  it('says what was reported', () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const code = codeOf(report, gaugedOf(report));
        expect(read(code)).toEqual({ is: 'report', code, report });
      }),
    );
  });

  it('is short enough to be read aloud', () => {
    const longest = { exercise: merged.id, who: learners - 1, checks: merged.checks.map(() => 'hung' as const) };
    expect(codeOf(longest, merged)).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{2}$/);
  });

  it('forgives case, dashes, spaces, and letters for the digits that look like them', () => {
    fc.assert(
      fc.property(anyCode, (code) => {
        const typed = ` ${code.toLowerCase().replaceAll('-', ' – ').replaceAll('0', 'o').replaceAll('1', 'l')}`;
        expect(read(typed)).toEqual(read(code));
        expect(read(code.replaceAll('-', '').replaceAll('1', 'I'))).toEqual(read(code));
      }),
    );
  });

  it('is refused for a report on something else', () => {
    expect(() => codeOf({ exercise: 'one-fault', who: 0, checks: [] }, one)).toThrow(RangeError);
  });
});

describe('a slip', () => {
  const place = fc.nat();

  it('of one character is noticed, and what was meant is among what is offered', () => {
    fc.assert(
      fc.property(anyCode, place, fc.constantFrom(...letters), (code, where, letter) => {
        const at = where % code.length;
        fc.pre(code[at] !== '-' && code[at] !== letter);
        const reading = read(code.slice(0, at) + letter + code.slice(at + 1));
        expect(reading).toMatchObject({ is: 'slip', meant: expect.arrayContaining([code]) });
      }),
    );
  });

  it('of two neighbours that have changed places is noticed, and what was meant is among what is offered', () => {
    fc.assert(
      fc.property(anyCode, place, (code, where) => {
        const letters = code.replaceAll('-', '');
        const at = where % (letters.length - 1);
        const [a = '', b = ''] = letters.slice(at, at + 2);
        fc.pre(a !== b);
        const reading = read(letters.slice(0, at) + b + a + letters.slice(at + 2));
        expect(reading).toMatchObject({ is: 'slip', meant: expect.arrayContaining([code]) });
      }),
    );
  });

  it('that leaves a character out, or puts one in, is noticed', () => {
    fc.assert(
      fc.property(anyCode, place, fc.constantFrom(...letters), (code, where, letter) => {
        const at = where % code.length;
        fc.pre(code[at] !== '-');
        expect(read(code.slice(0, at) + code.slice(at + 1)).is).not.toBe('report');
        expect(read(code.slice(0, at) + letter + code.slice(at)).is).not.toBe('report');
      }),
    );
  });

  it('at the end is said to be a matter of length', () => {
    const code = codeOf({ exercise: one.id, who: 1, checks: ['passed', 'failed'] }, one);
    expect(read(code.slice(0, -1))).toEqual({ is: 'of another length', length: 10, expected: 11 });
  });
});

describe('what is no code of this course', () => {
  const code = codeOf({ exercise: one.id, who: 7, checks: ['passed', 'failed'], misconception: 'belief-3' }, one);

  it.each([
    ['', ''],
    ['héllo?', 'É ?'],
    ['U000', 'U'],
  ])('%s has what no code has', (text, strange) => {
    expect(read(text)).toEqual({ is: 'no code', strange });
  });

  it('is told from one of another course', () => {
    expect(readCode(code, [merged])).toEqual({ is: 'of another course' });
  });

  it.each([
    ['check', { ...one, checks: [...one.checks, { id: 'new', name: 'New', stage: 2 }] }],
    ['order of checks', { ...one, checks: one.checks.toReversed() }],
    ['stage', { ...one, checks: one.checks.map((check) => ({ ...check, stage: check.stage + 1 })) }],
    ['misconception', { ...one, misconceptions: one.misconceptions.slice(1) }],
  ])('is told from one of another version: another %s', (_, changed) => {
    expect(readCode(code, [changed])).toEqual({ is: 'of another version', exercise: changed });
  });

  it('is not what only says things otherwise', () => {
    const reworded = { ...one, title: 'New', checks: one.checks.map((check) => ({ ...check, name: 'New' })) };
    expect(readCode(code, [reworded]).is).toBe('report');
  });

  it('may be anything, and never ends in an error', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => void read(text)));
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...letters), maxLength: 16 }), (text) => void read(text)));
  });
});
