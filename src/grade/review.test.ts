import { afterEach, beforeEach, expect, test } from 'vitest';
import { acquire, type Cell, cell, type Lock, mutex, type Program, read, release, type Steps, write } from '#explore';
import { type Accusation, judgeReview, type Review } from './review.ts';
import { currentSession, enterSession, newSession, ReplayDone } from './session.ts';

interface World {
  readonly counter: Cell<number>;
  readonly lock: Lock;
}

function* racing({ counter }: World): Steps {
  yield* write(counter, (yield* read(counter)) + 1);
}

function* locked(world: World): Steps {
  yield* acquire(world.lock);
  yield* racing(world);
  yield* release(world.lock);
}

const counting = (name: string, count: (world: World) => Steps): Program<World> => ({
  name,
  setup: () => ({ counter: cell(0, 'counter'), lock: mutex('lock') }),
  tasks: (world) => ({ A: () => count(world), B: () => count(world) }),
  check: ({ counter }, now) => (now.get(counter) === 2 ? undefined : 'lost update'),
});

const broken = counting('the broken one', racing);
const sound = counting('the sound one', locked);

const blame = { lines: [3, 4], rules: ['hold', 'keep'] };
const mistakes = {
  holds: 'passed-it',
  schedule: 'no-proof',
  line: 'some-line',
  'line: 7': 'line-seven',
  rule: 'some-rule',
  'rule: order': 'order-it-is',
  accused: 'accused-it',
  'accused: order': 'accused-of-order',
};

const accusation = (more: Partial<Accusation> = {}): Accusation => ({
  says: 'breaks',
  line: 3,
  rule: 'hold',
  schedule: 'A-B2-A',
  ...more,
});
const judged = (program: Program<World>, review: Review) => judgeReview(program, review, blame, mistakes);
const textOf = (program: Program<World>, review: Review) => judged(program, review)?.message?.text;

beforeEach(() => enterSession(newSession('review', 'sha')));
afterEach(() => enterSession(newSession('check', '')));

test('right in all points: shows what was found, by whichever schedule, line and rule', () => {
  expect(judged(broken, accusation())).toBeUndefined();
  expect(currentSession().shown?.trace?.ending.kind).toBe('check');
  expect(judged(broken, accusation({ line: 4, schedule: 'B-A' }))).toBeUndefined();
  expect(judged(broken, accusation({ rule: 'keep' }))).toBeUndefined();
});

test('what holds is said to hold, because all of it was tried', () => {
  expect(judged(sound, { says: 'holds' })).toBeUndefined();
  expect(currentSession().explored).toMatchObject({ complete: true, interleavings: '2' });
});

test('what breaks is said to hold: the shortest interleaving that breaks it', () => {
  const finding = judged(broken, { says: 'holds' });
  expect(finding).toMatchObject({ status: 'failed', misconception: 'passed-it' });
  expect(finding?.schedule).toMatch(/~A-B2-A$/);
  expect(finding?.trace?.ending.message).toBe('lost update');
});

test('what holds is accused: the schedule, played, and that all were tried', () => {
  const blocked = judged(sound, accusation({ schedule: 'A-B' }));
  expect(blocked?.misconception).toBe('accused-it');
  expect(blocked?.message?.text).toContain('all of them were tried. The schedule A-B cannot be run: part 2 (B)');
  expect(blocked).not.toHaveProperty('trace');
  const finding = judged(sound, accusation({ schedule: 'A2', rule: 'order' }));
  expect(finding?.misconception).toBe('accused-of-order');
  expect(finding?.trace?.ending.kind).toBe('returned');
  expect(finding?.message?.text).toBe(
    'No interleaving of “the sound one” goes wrong: all of them were tried. With the schedule A2 it ends as it should.',
  );
});

test.each<[string, Partial<Accusation>, string, string]>([
  ['schedule', { schedule: 'A2-B2' }, 'no-proof', 'With the schedule A2-B2 it ends as it should.'],
  ['line', { line: 5 }, 'some-line', 'Line 5 is not to blame. You name the right rule.'],
  ['line with a belief of its own', { line: 7 }, 'line-seven', 'Line 7 is not to blame.'],
  ['rule', { rule: 'look' }, 'some-rule', '“look” is not the rule.'],
  ['rule with a belief of its own', { rule: 'order' }, 'order-it-is', '“order” is not the rule.'],
])('one wrong point alone, a %s, is named with its misconception', (_, more, misconception, said) => {
  const finding = judged(broken, accusation(more));
  expect(finding).toMatchObject({ status: 'failed', misconception });
  expect(finding?.message?.text).toContain(said);
});

test.each<[string, unknown, string]>([
  ['is not finished', 'A-', 'The schedule A- cannot be run: '],
  ['asks a task for more than it does', 'A9', 'The schedule A9 cannot be run: '],
  ['is none', 7, 'The schedule 7 cannot be run: it is not a string.'],
])('a schedule that %s is refused, which says nothing of what its author believes', (_, schedule, said) => {
  const finding = judged(broken, accusation({ schedule }));
  expect(finding?.message?.text).toContain(said);
  expect(finding).not.toHaveProperty('misconception');
  expect(finding).not.toHaveProperty('trace');
});

test('each point is judged by itself', () => {
  const text = textOf(broken, accusation({ line: 9, rule: 'look' }));
  expect(text).toBe(
    '“the broken one” can go wrong indeed. With the schedule A-B2-A it does. Line 9 is not to blame. “look” is not the rule.',
  );
  expect(judged(broken, accusation({ line: 9, rule: 'look' }))).not.toHaveProperty('misconception');
});

test('is replayed as others are', () => {
  enterSession({ ...newSession('review', 'sha'), replay: { n: 1, schedule: 'A2-B2' } });
  expect(() => judged(broken, { says: 'holds' })).toThrow(ReplayDone);
});
