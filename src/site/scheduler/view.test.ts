import { describe, expect, test } from 'vitest';
import { positionAfter } from '#explore';
import { puzzles } from '../experiments/puzzles.ts';
import { type Goal, standingAt } from './game.ts';
import { cpusMarkup, endText, type Shown, scoreText, spokenText } from './view.ts';

const shownAfter = (schedule: string, at: number, goal: Goal = 'deadlock'): Shown => {
  const position = positionAfter(puzzles['what-was-merged/by-hand']!.program(), schedule);
  const shortest = { preemptions: 1, switches: 1, steps: 6 };
  return { position, at, standing: standingAt(position, at, goal), goal, best: undefined, shortest };
};
const words = (shown: Shown) =>
  cpusMarkup(shown)
    .text.replaceAll(/<[^>]+>/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();

describe('the CPUs', () => {
  test('that can move say what they would do', () =>
    expect(words(shownAfter('', 0))).toMatch(
      /^A A moves: walk\(v\[0\]\) A goes onZ Z moves: mutex_lock\(vma_lock\) Z goes on$/,
    ));

  test('that cannot say what they wait for, and who holds it', () =>
    expect(words(shownAfter('A4-Z', 5))).toContain('A A waits for vma_lock, held by Z'));

  test('that have ended say so', () => {
    const whole = positionAfter(puzzles['what-was-merged/by-hand']!.program(), 'A20').trace.steps.length;
    expect(words(shownAfter('A20', whole))).toContain('A A has ended');
  });
});

describe('the end', () => {
  test('is asked for while it goes on', () => expect(endText(shownAfter('A4', 4))).toBe('Who makes step 5?'));

  test('is compared with the least', () => {
    expect(endText(shownAfter('A4-Z2', 6))).toMatch(/^Reached: A waits for vma_lock.*No way is shorter/);
    expect(endText(shownAfter('A-Z-A3-Z', 6))).toContain('The checker knows a shorter way');
  });

  test('may not be what was to be reached', () =>
    expect(endText(shownAfter('A20-Z22', 42))).toBe(
      'It is over, and that is not what was to be reached. Go back and choose again.',
    ));
});

test('the ear is told of the step, the waits and the question', () => {
  expect(spokenText(shownAfter('', 0))).toBe('Who makes step 1?');
  expect(spokenText(shownAfter('A4-Z', 5))).toBe(
    'Z: mutex_lock(vma_lock). A waits for vma_lock, held by Z. Who makes step 6?',
  );
});

test('a score is counted in words', () =>
  expect(scoreText({ preemptions: 1, switches: 2, steps: 1 })).toBe('1 preemption, 2 switches, 1 step'));
