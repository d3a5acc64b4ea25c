/** Judges a review: what somebody says of a program, and whether it is so. */

import { type Program, replay, type Trace } from '#explore';
import {
  evidence,
  isExplored,
  lookUp,
  type Mistakes,
  named,
  searched,
  tryReplay,
  undecided,
  violated,
} from './judge.ts';
import { addExplored, currentSession, type Finding } from './session.ts';
import { say } from './texts.ts';

/** That no interleaving goes wrong; or that one does, where that begins, and against which rule. */
export type Review = { readonly says: 'holds' } | Accusation;

export interface Accusation {
  readonly says: 'breaks';
  readonly line: number;
  readonly rule: string;
  readonly schedule: unknown;
}

/** What is to blame, if the program goes wrong. Whether it does, the engine says. */
export interface Blame {
  readonly lines: readonly number[];
  /** Any of which may be named. */
  readonly rules: readonly string[];
}

/**
 * The review must be right in all its points. Undefined if it is. Keys of `mistakes`: `holds`, said of what breaks; `accused: <rule>` or
 * `accused`, of what holds; and where one point alone is wrong `line: <n>`, `rule: <rule>`, or just the point: `line`, `rule`, `schedule` (one that
 * runs, and does no harm).
 */
export function judgeReview<W>(
  program: Program<W>,
  review: Review,
  blame: Blame,
  mistakes: Mistakes<Review>,
): Finding | undefined {
  const run = (schedule: string): Trace => replay(program, schedule);
  if (!isExplored(run)) return undefined;
  // Who says that it breaks is shown their own schedule; whether one does, needs no trace.
  const exploration = searched(program, { stopAt: 'never', traces: review.says === 'holds' });
  addExplored(currentSession(), exploration);
  const { violation, verdict } = exploration;
  if (!violation && verdict !== 'holds') return undecided(program.name, exploration);
  if (review.says === 'holds')
    return violation && { ...violated(program.name, violation, {}), ...named(lookUp(mistakes, ['holds'], review)) };
  const played = tryReplay(run, review.schedule);
  if (!violation) return accused(program.name, review, played, mistakes);
  return pointByPoint(program.name, review, wrongPoints(review, blame, played), played, mistakes);
}

/** How the schedule was run, or why it cannot be. */
type Played = Trace | string;

const isHarmless = (played: Played): boolean =>
  typeof played === 'string' || played.ending.kind === 'returned' || played.ending.kind === 'unfinished';

const shownOf = (played: Played) => (typeof played === 'string' ? {} : evidence(played.schedule, played));

function accused(program: string, review: Accusation, played: Played, mistakes: Mistakes<Review>): Finding {
  const keys = [`accused: ${review.rule}`, 'accused'];
  return {
    status: 'failed',
    message: say('review.accused', { program, schedule: tellSchedule(review, played) }),
    ...named(lookUp(mistakes, keys, review)),
    ...shownOf(played),
  };
}

/** The keys of those that are wrong, each with what is more special first. */
function wrongPoints({ line, rule }: Accusation, blame: Blame, played: Played): string[][] {
  return [
    // What cannot be run is a slip of counting or of typing.
    ...(typeof played === 'string' ? [['schedule refused']] : isHarmless(played) ? [['schedule']] : []),
    ...(blame.lines.includes(line) ? [] : [[`line: ${line}`, 'line']]),
    ...(blame.rules.includes(rule) ? [] : [[`rule: ${rule}`, 'rule']]),
  ];
}

function pointByPoint(
  program: string,
  review: Accusation,
  wrong: readonly string[][],
  played: Played,
  mistakes: Mistakes<Review>,
): Finding | undefined {
  const [first, ...more] = wrong;
  if (!first) {
    currentSession().shown = shownOf(played);
    return undefined;
  }
  const isWrong = (point: string) => wrong.some((keys) => keys.includes(point));
  const said = {
    schedule: tellSchedule(review, played),
    line: say(`review.line.${isWrong('line') ? 'wrong' : 'right'}`, { line: review.line }).text,
    rule: say(`review.rule.${isWrong('rule') ? 'wrong' : 'right'}`, { rule: review.rule }).text,
  };
  return {
    status: 'failed',
    message: say('review.breaks', { program, ...said }),
    // Where several points are wrong, the belief behind them is anybody's guess.
    ...named(more.length === 0 ? lookUp(mistakes, first, review) : undefined),
    ...shownOf(played),
  };
}

function tellSchedule(review: Accusation, played: Played): string {
  const schedule = String(review.schedule);
  if (typeof played === 'string') return say('schedule refused', { schedule, why: played }).text;
  return say(`review.schedule.${isHarmless(played) ? 'wrong' : 'right'}`, { schedule }).text;
}
