/** Each patch of the exercise is of the driver that the lesson shows, and its program does what its C does. */

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { asItIs, type BoardDriver, trying, usualDeeds } from '../exercises/50-review-a-patch/shared/board.ts';
import { diffs } from '../exercises/50-review-a-patch/shared/diffs.ts';
import { patches } from '../exercises/50-review-a-patch/shared/patches.ts';
import * as solution from '../exercises/50-review-a-patch/solution.ts';
import { explore, replay, set } from '../src/explore/index.ts';
import { down_write, mutex_lock, mutex_unlock, unmap_mapping_range, up_write, WRITE_ONCE } from '../src/linux/index.ts';

const lesson = readFileSync('content/lessons/50-review-a-patch.mdx', 'utf8');
const driver = [...lesson.matchAll(/```c\n([\s\S]*?)```/g)].map(([, code]) => code).join('\n');

interface Hunk {
  readonly before: string;
  readonly after: string;
}

function hunksOf(diff: string): Hunk[] {
  const bodies = diff.split(/^@@.*\n/m).slice(1);
  return bodies.map((body) => {
    const without = (mark: string) =>
      body
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith(mark))
        .map((line) => line.slice(1))
        .join('\n');
    return { before: without('+'), after: without('-') };
  });
}

function patched(text: string, diff: string): string {
  return hunksOf(diff).reduce((code, { before, after }) => {
    const [front = '', ...rest] = code.split(before);
    expect(rest, `stands once in the driver:\n${before}`).toHaveLength(1);
    return `${front}${after}${rest[0]}`;
  }, text);
}

const CALLS =
  /\b(?:mutex_(?:un)?lock|(?:down|up)_(?:read|write)|(?:READ|WRITE)_ONCE|unmap_mapping_range|atomic_(?:add|set)|vmf_insert_pfn|board(?:Note|Insert|Remap|IsFilled|ForgetFilled))\b/g;

const callsIn = (code: string): readonly string[] => code.match(CALLS) ?? [];

const functionIn = (text: string, name: string): string =>
  new RegExp(`^static \\w+ ${name}\\([\\s\\S]*?^\\}`, 'm').exec(text)?.[0] ?? '';

function expectSameCalls(text: string, program: BoardDriver): void {
  for (const name of ['boardFault', 'boardOff'] as const) {
    const calls = callsIn(functionIn(text, name));
    expect(calls.length).toBeGreaterThan(3);
    expect(callsIn(String(program[name])), name).toEqual(calls);
  }
}

test('the driver’s program makes the calls of the lesson’s C, in their order', () => expectSameCalls(driver, asItIs));

test.each(Object.entries(diffs))(
  '%s: its diff applies, and its program makes the calls of what comes out',
  (name, { diff }) => expectSameCalls(patched(driver, diff), patches[name as keyof typeof patches]),
);

test('what tells which patches hold stands folded', () => {
  const [, proved = ''] = lesson.split('## What you proved');
  const sight = proved.replace(/^<Afterwards>$[\s\S]*?^<\/Afterwards>$/m, '');
  for (const name of Object.keys(solution)) expect(sight).not.toContain(name);
  expect(proved).toContain('tellUsers');
});

test('the driver as it stands holds', () => expect(explore(trying('asItIs', asItIs)).verdict).toBe('holds'));

const reviews = Object.entries(solution).map(([name, review]) => {
  const patch = name as keyof typeof patches;
  return { name, review, lines: diffs[patch].diff.split('\n'), program: trying(name, patches[patch], usualDeeds) };
});

test.each(reviews)('$name goes wrong or not, as the solution says', ({ review, program }) =>
  expect(explore(program).verdict).toBe(review.says === 'breaks' ? 'violated' : 'holds'),
);

test.each(reviews.filter(({ review }) => review.says === 'breaks'))(
  '$name goes wrong with the schedule of the solution, which blames a line of the patch',
  ({ review, lines, program }) => {
    if (review.says !== 'breaks') throw new Error('it was filtered');
    expect(['returned', 'unfinished']).not.toContain(replay(program, review.schedule).ending.kind);
    expect(lines[review.line - 1]).toMatch(/^[+-]/);
  },
);

test('oneCall goes wrong in two ways: full entries, and a list that is believed', () => {
  const { violations } = explore(trying('oneCall', patches.oneCall), { stopAt: 'never' });
  expect(violations.map(({ kind }) => kind).toSorted()).toEqual(['bug', 'livelock']);
});

test('oneCall holds once its lock is kept until power is held, as its hints say', () => {
  const { oneCall } = patches;
  const mended: BoardDriver = {
    ...oneCall,
    *boardOff(board) {
      yield* mutex_lock(board.lock);
      yield* set(board.filled, false);
      yield* down_write(board.power);
      yield* mutex_unlock(board.lock);
      yield* WRITE_ONCE(board.isOn, false);
      yield* unmap_mapping_range(board.mapping, 0, 0, true);
      yield* up_write(board.power);
    },
  };
  expect(explore(trying('mended', mended)).verdict).toBe('holds');
});
