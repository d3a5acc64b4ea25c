import { expect, test } from 'vitest';
import { type Allocatable, again, allocate, cell, explore, free, type Program, read, type Steps } from './index.ts';

const thing: Allocatable<{ readonly field: unknown }> = {
  name: 'thing',
  fields: (declare) => ({ field: declare(0, 'field') }),
};

/** Allocates in each round, for ever unless somebody stops it. */
const allocating = (round: (made: object) => Steps): Program<unknown> => ({
  name: 'allocating',
  setup: () => ({ flag: cell(0, 'flag') }),
  tasks: (world) => ({
    A: function* () {
      yield* read((world as { flag: ReturnType<typeof cell<number>> }).flag);
      yield* round(yield* allocate(thing));
      yield* again();
    },
  }),
});

test('a task that allocates without end is found, and does not take all memory', () => {
  const { violation, states } = explore(allocating(function* () {}));
  expect(violation).toMatchObject({ kind: 'endless loop', message: 'A allocates without end: 32 objects so far' });
  expect(states).toBeLessThan(200);
});

test('one that gives back what it has allocated goes round in a circle', () => {
  expect(explore(allocating(free)).violation).toMatchObject({ kind: 'livelock' });
});
