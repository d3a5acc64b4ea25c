/**
 * A report on an exercise as a code that can be read aloud:
 *
 *     7K   3M   P2Q   X9ABC   1Z                 written 7K3M-P2QX-9ABC-1Z
 *     │    │    │     │       └ check: all before it, modulo 1021
 *     │    │    │     └ one of five states for each check, then the misconception, 0 for none: as many as that takes
 *     │    │    └ which learner: drawn at random, for this exercise and this tab
 *     │    └ version: a hash of the exercise's checks and misconceptions
 *     └ exercise: a hash of its id
 *
 * No name is in it, and nothing that two exercises of one learner have in common.
 */

import { type Gauged, numberOfExercise, versionOf } from './gauged.ts';
import { inGroups, isChecked, letters, lettersOf, normalised, numberOf, withCheck } from './letters.ts';

/** What a check came to, as a verdict says it. The order is that of the codes. */
export const states = ['not run', 'passed', 'failed', 'undecided', 'hung'] as const;
export type State = (typeof states)[number];

export interface Report {
  readonly exercise: string;
  /** Tells learners of one exercise apart, below `learners`. */
  readonly who: number;
  /** One for each check of the exercise, in its order. */
  readonly checks: readonly State[];
  readonly misconception?: string;
}

/** How many numbers there are for learners: three letters' worth. */
export const learners = 32 ** 3;

/** What a text turned out to be. `code` is the way it is written. */
export type Reading =
  | { readonly is: 'report'; readonly code: string; readonly report: Report }
  | { readonly is: 'no code'; readonly strange: string }
  | { readonly is: 'of another length'; readonly length: number; readonly expected: number }
  | { readonly is: 'slip'; readonly meant: readonly string[] }
  | { readonly is: 'of another course' }
  | { readonly is: 'of another version'; readonly exercise: Gauged };

/** Throws a RangeError for a report that is not on that exercise. */
export function codeOf({ exercise, who, checks, misconception }: Report, gauged: Gauged): string {
  if (exercise !== gauged.id || checks.length !== gauged.checks.length)
    throw new RangeError(`a report on ${exercise}, of ${checks.length} checks, is none on ${gauged.id}`);
  const belief = misconceptionNumber(gauged, misconception);
  const found = checks.reduce((all, state) => all * states.length + states.indexOf(state), 0);
  const number = BigInt(found) * BigInt(gauged.misconceptions.length + 1) + BigInt(belief);
  const head = lettersOf(BigInt(numberOfExercise(gauged)), 2) + lettersOf(BigInt(versionOf(gauged)), 2);
  return inGroups(withCheck(head + lettersOf(BigInt(who), 3) + lettersOf(number, foundLength(gauged))));
}

/** 0 for none, and for one that the exercise does not know. */
const misconceptionNumber = ({ misconceptions }: Gauged, named: string | undefined): number =>
  misconceptions.findIndex(({ id }) => id === named) + 1;

const possibilities = ({ checks, misconceptions }: Gauged): number =>
  states.length ** checks.length * (misconceptions.length + 1);

const foundLength = (gauged: Gauged): number => Math.ceil(Math.log2(possibilities(gauged)) / 5);

/** Before what was found: exercise, version, learner. */
const headLength = 7;
const checkLength = 2;
const lengthFor = (gauged: Gauged): number => headLength + foundLength(gauged) + checkLength;

/** Reads a code, or says why it is none. What was written otherwise than it is read aloud is forgiven: case, O for 0, dashes. */
export function readCode(text: string, course: readonly Gauged[]): Reading {
  const code = normalised(text);
  const strange = [...new Set(code)].filter((letter) => !letters.includes(letter)).join(' ');
  if (strange !== '' || code === '') return { is: 'no code', strange };
  const expected = lengthOf(code, course);
  const checked = readChecked(code, course);
  if (checked) return checked;
  return expected !== undefined && expected !== code.length
    ? { is: 'of another length', length: code.length, expected }
    : { is: 'slip', meant: meantBy(code, course) };
}

/** The report in a text that is a code of this course; undefined for anything else. */
export function reportIn(text: string, course: readonly Gauged[]): Report | undefined {
  const reading = readChecked(normalised(text), course);
  return reading?.is === 'report' ? reading.report : undefined;
}

/** Of a code whose check fits; undefined where it does not, or where nothing can be meant by it. */
function readChecked(code: string, course: readonly Gauged[]): Reading | undefined {
  if (!isChecked(code)) return undefined;
  const exercise = exerciseOf(code, course);
  if (!exercise) return { is: 'of another course' };
  if (!isOfVersion(code, exercise)) return { is: 'of another version', exercise };
  const report = decoded(code, exercise);
  return report && { is: 'report', code: inGroups(code), report };
}

const exerciseOf = (code: string, course: readonly Gauged[]): Gauged | undefined =>
  course.find((each) => lettersOf(BigInt(numberOfExercise(each)), 2) === code.slice(0, 2));

const isOfVersion = (code: string, exercise: Gauged): boolean =>
  lettersOf(BigInt(versionOf(exercise)), 2) === code.slice(2, 4);

/** How long a code that begins like this is; undefined where its beginning says nothing. */
function lengthOf(code: string, course: readonly Gauged[]): number | undefined {
  const exercise = exerciseOf(code, course);
  return exercise && isOfVersion(code, exercise) ? lengthFor(exercise) : undefined;
}

/** Of a code of that exercise; undefined where it is longer or shorter, or counts too far. */
function decoded(code: string, gauged: Gauged): Report | undefined {
  if (code.length !== lengthFor(gauged)) return undefined;
  const found = Number(numberOf(code.slice(headLength, -checkLength)));
  if (found >= possibilities(gauged)) return undefined;
  const beliefs = gauged.misconceptions.length + 1;
  const misconception = gauged.misconceptions[(found % beliefs) - 1]?.id;
  const digits = Math.floor(found / beliefs)
    .toString(states.length)
    .padStart(gauged.checks.length, '0');
  const checks = Array.from(digits, (digit) => states[Number(digit)] ?? 'not run');
  const who = Number(numberOf(code.slice(4, headLength)));
  return { exercise: gauged.id, who, checks, ...(misconception === undefined ? {} : { misconception }) };
}

/** Longer than any code: what is as long is not searched for what was meant. */
const tooLong = 21;

/** The codes that differ from it in one letter, or in the order of two neighbours. */
function meantBy(code: string, course: readonly Gauged[]): string[] {
  if (code.length >= tooLong) return [];
  const others = Array.from(code, (_, at) => {
    const [before, here = '', next = '', after] = [code.slice(0, at), code[at], code[at + 1], code.slice(at + 2)];
    return [...Array.from(letters, (letter) => before + letter + next + after), before + next + here + after];
  }).flat();
  const readings = [...new Set(others)].map((each) => readChecked(each, course));
  return readings.flatMap((reading) => (reading?.is === 'report' ? reading.code : []));
}
