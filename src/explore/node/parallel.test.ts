/** Side by side the engines prove what they prove in turn. */

import { describe, expect, test } from 'vitest';
import { explore } from '../explore.ts';
import { lastZero, p1, p1Watched, p2, p5, whoIsFirst } from '../fixtures/reference.ts';
import type { Exploration, ExploreOptions, Program } from '../program.ts';
import { exploreInParallel } from './parallel.ts';

const module = new URL('../fixtures/reference.ts', import.meta.url).href;

const makers = { p1, p1Watched, p2, p5, lastZero, whoIsFirst } as const;
type Maker = keyof typeof makers;

const both = async (name: Maker, argument: unknown, options: ExploreOptions = {}) => {
  const make = makers[name] as (argument: unknown) => Program<unknown>;
  const found = await exploreInParallel({ module, export: name, arguments: [argument] }, options as never);
  return [found, explore(make(argument), options)] as const;
};

/** What must be the same, whichever engine has proven it. */
const proven = ({ verdict, violation, violations, outcomes }: Exploration) => ({
  verdict,
  violation,
  kinds: violations.map(({ kind, message }) => `${kind}: ${message}`),
  outcomes: Object.keys(outcomes).sort(),
});

describe('what comes of it is what comes of one thread', () => {
  test.each([
    ['p1', { tasks: 3, walks: true, asserts: true }, {}],
    ['p1', { tasks: 3, walks: true, asserts: true }, { stopAt: 'never' }],
    ['p2', { tasks: 4, walks: true, asserts: true }, {}],
    ['p5', { tasks: 4, mmap: 'rwlock' }, { stopAt: 'never' }],
    ['lastZero', 12, {}],
    ['p1', { tasks: 4 }, { states: 1000, executions: 1000 }],
    ['p1Watched', 4, { states: 1000, executions: 1000 }],
    // What is left to DPOR, in parts that prove it, in parts that do not, and with a fault that no part shows.
    ['p2', { tasks: 5, walks: true, asserts: true }, { states: 10 }],
    ['p2', { tasks: 5, walks: true, asserts: true }, { states: 10, executions: 200 }],
    ['p1', { tasks: 3, walks: true, asserts: true }, { states: 10 }],
    ['p5', { tasks: 3, mmap: 'mutex' }, { states: 10, stopAt: 'never' }],
    ['whoIsFirst', undefined, { states: 10 }],
  ] as [Maker, unknown, ExploreOptions][])('%s(%j), %j', async (name, argument, options) => {
    const [together, alone] = await both(name, argument, options);
    expect(proven(together)).toEqual(proven(alone));
  });
});

test('parts add up to the whole', async () => {
  const [together, alone] = await both('p1', { tasks: 4, walks: true }, { states: 1000 });
  const counted = ({ engine, executions, deadlocks, redundant }: Exploration) => [
    engine,
    executions,
    deadlocks,
    redundant,
  ];
  expect(counted(together)).toEqual(counted(alone));
  expect(counted(alone)).toEqual(['dpor', 67_252, 0, 0]);
});

test('what is not there, and what is no program, is said', async () => {
  await expect(exploreInParallel({ module, export: 'p9' })).rejects.toThrow('exports no p9');
  await expect(exploreInParallel({ module, export: 'upTo', arguments: [3] })).rejects.toThrow(
    'setup is not a function',
  );
});

test('it says how far it is, and can be cancelled', async () => {
  const cancel = new AbortController();
  let seen = 0;
  const found = exploreInParallel(
    { module, export: 'p1', arguments: [{ tasks: 5 }] },
    {
      signal: cancel.signal,
      onProgress: ({ steps }) => {
        if (steps > 0 && ++seen === 3) cancel.abort(new Error('enough'));
      },
    },
  );
  await expect(found).rejects.toThrow('enough');
});
