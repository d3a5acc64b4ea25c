import { expect, test } from 'vitest';
import { type Blame, chosen, type Review } from '#grade/matchers';
import { oneCall, refuseEarly, tellUsers, touchedFirst, unlockEarly } from './exercise.ts';
import { trying } from './shared/board.ts';
import { diffs, linesWith } from './shared/diffs.ts';
import { patches } from './shared/patches.ts';
import { variants } from './variants.ts';

const deeds = chosen(variants);

const rules = ['look-again', 'true-when-seen', 'count-once', 'hold-until-true', 'one-order'];

type Name = keyof typeof diffs;
type Mistakes = Readonly<Record<string, string>>;

/** It says something, and something of which can be told whether it is so. */
function expectReview(name: Name, review: unknown): asserts review is Review {
  const { says, line, rule, schedule } = { ...(review as Record<string, unknown> | null) };
  expect(says !== 'unread').toBeAllowed(`${name} has no review yet: say 'holds' or 'breaks' of it.`);
  expect(says === 'holds' || says === 'breaks').toBeAllowed(`${name}: “says” is 'holds' or 'breaks'.`);
  if (says === 'holds') return;
  const lines = diffs[name].diff.split('\n');
  const marked = typeof line === 'number' ? lines[line - 1] : undefined;
  expect(marked !== undefined).toBeAllowed(`${name}: “line” is a number from 1 to ${lines.length}, as in the lesson.`);
  expect(/^[+-]/.test(String(marked))).toBeAllowed(
    `${name}: line ${line} stays as it was. Name one that the patch adds or takes away: + or -.`,
  );
  expect(rules.includes(String(rule))).toBeAllowed(`${name}: “rule” is one of ${rules.join(', ')}.`);
  expect(typeof schedule === 'string' && schedule.trim() !== '').toBeAllowed(
    `${name}: “schedule” says who moves, and how far, as 'A4-B2' does.`,
  );
}

function expectRight(name: Name, review: unknown, blame: Blame, mistakes: Mistakes): void {
  expectReview(name, review);
  expect(trying(name, patches[name], deeds)).toDeserve(review, blame, mistakes);
}

/** What is to blame, by words of its lines. */
const blamed = (name: Name, rules: readonly string[], ...words: string[]): Blame => ({
  lines: linesWith(diffs[name], words),
  rules,
});

const nothing: Blame = { lines: [], rules: [] };

const inGeneral: Mistakes = { schedule: 'suspicion-is-proof', line: 'where-it-shows', rule: 'it-is-about-locks' };

// Where the look was, and where it is missing now: a reviewer may write it below either.
const unlooked = ['boardNote', 'boardInsert'];
// Where the second list is emptied too early, and where it is believed.
const listed = ['mutex_lock', 'boardForgetFilled', 'mutex_unlock', 'boardIsFilled', 'ret = VM_FAULT_NOPAGE;'];

test('your review of refuseEarly', { meta: { id: 'refuse-early', stage: 1 } }, () => {
  expectRight(
    'refuseEarly',
    refuseEarly,
    blamed('refuseEarly', ['look-again'], 'READ_ONCE(board->isOn)', 'return VM_FAULT_SIGBUS', ...unlooked),
    { ...inGeneral, holds: 'marked-means-safe' },
  );
});

test('your review of unlockEarly', { meta: { id: 'unlock-early', stage: 2 } }, () => {
  expectRight('unlockEarly', unlockEarly, nothing, { accused: 'unlock-means-race' });
});

test('your review of oneCall', { meta: { id: 'one-call', stage: 3 } }, () => {
  expectRight('oneCall', oneCall, blamed('oneCall', ['hold-until-true', 'true-when-seen'], ...listed), {
    ...inGeneral,
    holds: 'as-it-was-merged',
  });
});

test('your review of touchedFirst', { meta: { id: 'touched-first', stage: 4 } }, () => {
  expectRight('touchedFirst', touchedFirst, nothing, {
    'accused: true-when-seen': 'all-or-nothing',
    'accused: hold-until-true': 'all-or-nothing',
    accused: 'never-twice',
  });
});

test('your review of tellUsers', { meta: { id: 'tell-users', stage: 5 } }, () => {
  expectRight('tellUsers', tellUsers, blamed('tellUsers', ['one-order'], 'mutex_lock'), {
    ...inGeneral,
    holds: 'each-function-alone',
  });
});
