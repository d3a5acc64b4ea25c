/** Where a room is: the codes it has sent, what they add up to, and a tally by hand for rooms without codes. */

import { type Report, reportIn, type State, states } from './code.ts';
import type { Gauged, GaugedCheck } from './gauged.ts';

/** Plain data. A code is kept as it is written, and read anew when it is counted. */
export interface Room {
  readonly schema: typeof schema;
  /** In the order in which they came; of each learner and exercise the last. */
  readonly codes: readonly string[];
  /** By hand: exercise → stage → how many have passed it. */
  readonly tally: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export const schema = 'faultline/room/1';
export const emptyRoom: Room = { schema, codes: [], tally: {} };

/** Nobody counts more by hand. */
const most = 999;

/** The room with that code of this course; it takes the place of an earlier one by the same learner on the same exercise. */
export function withCode(room: Room, code: string, course: readonly Gauged[]): Room {
  const sent = reportIn(code, course);
  const isOfSender = (report: Report | undefined) => report?.exercise === sent?.exercise && report?.who === sent?.who;
  return { ...room, codes: [...room.codes.filter((each) => !isOfSender(reportIn(each, course))), code] };
}

export const withoutCode = (room: Room, code: string): Room => ({
  ...room,
  codes: room.codes.filter((each) => each !== code),
});

/** So many more have passed that stage, or fewer; never below nobody. */
export function tallied(room: Room, exercise: string, stage: number, by: number): Room {
  const before = room.tally[exercise] ?? {};
  const count = Math.min(most, Math.max(0, (before[stage] ?? 0) + by));
  return { ...room, tally: { ...room.tally, [exercise]: { ...before, [stage]: count } } };
}

/** What a room says of one exercise. */
export interface Picture {
  readonly exercise: Gauged;
  /** The last that came first. */
  readonly sent: readonly { readonly code: string; readonly report: Report }[];
  /** How many pass every check. */
  readonly done: number;
  /** How many have an answer of which no check could run. */
  readonly broken: number;
  readonly checks: readonly CheckCount[];
  /** The most frequent first. */
  readonly misconceptions: readonly { readonly id: string; readonly belief: string; readonly count: number }[];
}

export interface CheckCount extends GaugedCheck {
  readonly counts: Readonly<Record<State, number>>;
}

/** One picture for each exercise that codes have come of, the one of the last code first. */
export function picturesOf(room: Room, course: readonly Gauged[]): Picture[] {
  const sent = room.codes.toReversed().flatMap((code) => {
    const report = reportIn(code, course);
    return report ? [{ code, report }] : [];
  });
  const placeOf = (picture: Picture) => sent.findIndex(({ report }) => report.exercise === picture.exercise.id);
  return course
    .map((exercise) =>
      pictureOf(
        exercise,
        sent.filter(({ report }) => report.exercise === exercise.id),
      ),
    )
    .filter((picture) => picture.sent.length > 0)
    .sort((a, b) => placeOf(a) - placeOf(b));
}

function pictureOf(exercise: Gauged, sent: Picture['sent']): Picture {
  const all = sent.map(({ report }) => report);
  const countOf = (is: (report: Report) => boolean) => all.filter(is).length;
  const countAt = (at: number) =>
    Object.fromEntries(states.map((state) => [state, countOf(({ checks }) => checks[at] === state)]));
  const beliefs = exercise.misconceptions.map((each) => ({
    ...each,
    count: countOf(({ misconception }) => misconception === each.id),
  }));
  return {
    exercise,
    sent,
    done: countOf(({ checks }) => checks.every((state) => state === 'passed')),
    broken: countOf(({ checks }) => checks.every((state) => state === 'not run')),
    checks: exercise.checks.map((check, at) => ({ ...check, counts: countAt(at) as Record<State, number> })),
    misconceptions: beliefs.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count),
  };
}

/** Codes that were kept, and that this version of the course cannot read. */
export const unreadIn = (room: Room, course: readonly Gauged[]): string[] =>
  room.codes.filter((code) => !reportIn(code, course));

export const formatRoom = (room: Room): string => JSON.stringify(room);

/** Throws an Error for what is no room. */
export function parseRoom(text: string): Room {
  const value: unknown = JSON.parse(text);
  if (!isRecord(value) || value.schema !== schema) throw new Error('it is no room of this version of the course');
  const { codes, tally } = value;
  const areCodes = Array.isArray(codes) && codes.every((code) => typeof code === 'string');
  if (!areCodes || !isRecord(tally) || !Object.values(tally).every(isCounts))
    throw new Error('its form is not that of a room');
  return { schema, codes, tally: tally as Room['tally'] };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCounts = (value: unknown): boolean =>
  isRecord(value) &&
  Object.values(value).every((count) => Number.isInteger(count) && Number(count) >= 0 && Number(count) <= most);
