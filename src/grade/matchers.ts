/**
 * What graders say: `expect(program).toHold({ deadlock: 'lock-order' })`, of worlds that are `chosen(variants)`. Importing
 * this file extends Vitest's `expect`, and its types: `test(name, { meta: { id, stage } }, …)`.
 */

import { expect } from 'vitest';
import type { Exploration, Program, Trace, Violation } from '#explore';
import type { Driver } from '#linux';
import { type HoldOptions, judgeAnswer, judgeBreaks, judgeHolds, judgeViolates, type Mistakes } from './judge.ts';
import { judgeRecorded, type Recorded, type Refusal } from './recorded.ts';
import { type Blame, judgeReview, type Review } from './review.ts';
import { currentSession, type Finding } from './session.ts';
import { say } from './texts.ts';

export * from './evidence.ts';
export type { Recorded, Refusal } from './recorded.ts';
export type { Blame, Review } from './review.ts';
export { chosen } from './variants.ts';

interface CourseMatchers<R> {
  /** Holds in every interleaving. `mistakes`: kind, or `kind: rule`, → misconception. */
  toHold(mistakes?: Mistakes<Violation>, options?: HoldOptions): R;
  /** Has an interleaving that goes wrong in this way; what it does instead (`holds`, a kind, `kind: rule`) → misconception. */
  toViolate(kind: string, mistakes?: Mistakes<Exploration>): R;
  /** Goes wrong in this way under this schedule; how it ends instead (`returned`, a kind, `kind: rule`) → misconception. */
  toBreakUnder(schedule: unknown, kind: string, mistakes?: Mistakes<Trace>): R;
  /** Could have made this recording of a real kernel; the event at which it is refused, or its kind → misconception. */
  toHaveMade(recorded: Recorded, mistakes?: Mistakes<Refusal>): R;
  /** Is such as this review says, which gives line, rule and schedule of what goes wrong; the point that is not so → misconception. */
  toDeserve(review: Review, blame: Blame, mistakes?: Mistakes<Review>): R;
  /** Is this value; wrong values, as JSON writes them → misconception. The right value is not shown. */
  toAnswer(expected: unknown, mistakes?: Mistakes<unknown>): R;
  /** Is true, or else says this. For what a submission may not be, whatever it does. */
  toBeAllowed(otherwise: string, misconception?: string): R;
}

declare module 'vitest' {
  interface Matchers<R, T> extends CourseMatchers<R> {}
  interface TaskMeta {
    /** The check's name in links and verdicts: `[a-z0-9-]+`. */
    id: string;
    /** From 1. A stage runs when all of those before it have passed. */
    stage: number;
  }
}

function reported(finding: Finding | undefined) {
  if (finding) currentSession().finding ??= finding;
  return {
    pass: !finding,
    message: () => (finding ? describeFinding(finding) : 'use the matcher that says the opposite, instead of .not'),
  };
}

function describeFinding({ message, misconception, schedule, native }: Finding): string {
  const about = misconception && `This often comes from: ${misconception}.`;
  return [message?.text, native, about, schedule && `Schedule: ${schedule.replace(/^.*~/, '')}`]
    .filter(Boolean)
    .join('\n');
}

expect.extend({
  toHold(program: Program<unknown>, mistakes: Mistakes<Violation> = {}, options: HoldOptions = {}) {
    return reported(judgeHolds(program, mistakes, options));
  },
  toViolate(program: Program<unknown>, kind: string, mistakes: Mistakes<Exploration> = {}) {
    return reported(judgeViolates(program, kind, mistakes));
  },
  toBreakUnder(program: Program<unknown>, schedule: unknown, kind: string, mistakes: Mistakes<Trace> = {}) {
    return reported(judgeBreaks(program, schedule, kind, mistakes));
  },
  toHaveMade(driver: Driver, recorded: Recorded, mistakes: Mistakes<Refusal> = {}) {
    return reported(judgeRecorded(driver, recorded, mistakes));
  },
  toDeserve(program: Program<unknown>, review: Review, blame: Blame, mistakes: Mistakes<Review> = {}) {
    return reported(judgeReview(program, review, blame, mistakes));
  },
  toAnswer(actual: unknown, expected: unknown, mistakes: Mistakes<unknown> = {}) {
    return reported(judgeAnswer(actual, expected, mistakes));
  },
  toBeAllowed(allowed: unknown, otherwise: string, misconception?: string) {
    const named = misconception === undefined ? {} : { misconception };
    return reported(allowed ? undefined : { status: 'failed', message: say('refused', { says: otherwise }), ...named });
  },
});
