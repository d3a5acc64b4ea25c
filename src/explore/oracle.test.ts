/** The engine against brute force: random scripts, run by code that has nothing in common with it. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { explore } from './explore.ts';
import { type Cost, everyInterleaving, hasFairCycle, isLess, type Known } from './fixtures/everyInterleaving.ts';
import { CELLS, type Command, LOCKS, programOf, type Script } from './fixtures/scripts.ts';
import type { Exploration, Trace } from './program.ts';

const small = fc.nat(2);
const aCell = fc.nat(CELLS - 1);
const aLock = fc.nat(LOCKS - 1);
const command = <Kind extends string, Rest extends unknown[]>(
  kinds: readonly Kind[],
  ...rest: { [K in keyof Rest]: fc.Arbitrary<Rest[K]> }
) => fc.tuple(fc.constantFrom(...kinds), ...rest) as unknown as fc.Arbitrary<Command>;

const atomics = fc.oneof(
  command(['read', 'update'], aCell),
  command(['write', 'add'], aCell, small),
  command(['compareAndSwap'], aCell, small, small),
  command(['skipIf'], small, fc.constantFrom(1, 2)),
);
const plain = command(['get'], aCell);
const plainWrite = command(['set'], aCell, small);
const waits = command(['waitFor'], aCell, small);
const rawLocks = fc.oneof(
  command(['acquire', 'release', 'tryAcquire'], aLock),
  command(['acquireShared', 'releaseShared', 'tryAcquireShared'], fc.constantFrom(1, 1, 1, 0)),
);
const objects = command(['getField', 'setField', 'free']);
const ends = fc.oneof(command(['bug', 'warn']), command(['spawn', 'join']));

/** Some commands under a lock, mostly given back. */
const sectionOf = (parts: fc.Arbitrary<Command>) =>
  fc
    .tuple(aLock, fc.boolean(), fc.array(parts, { maxLength: 3 }), fc.nat(9))
    .map(([lock, shared, inside, forgets]): Command[] => {
      const [take, give] =
        shared && lock === 1 ? (['acquireShared', 'releaseShared'] as const) : (['acquire', 'release'] as const);
      return [[take, lock], ...inside, ...(forgets === 0 ? [] : [[give, lock] as const])];
    });
const section = sectionOf(fc.oneof(atomics, plain, plainWrite, objects));

const commands = (parts: fc.Arbitrary<Command | Command[]>, maxLength: number) =>
  fc
    .array(parts, { maxLength })
    .map((list) => list.flatMap((each) => (typeof each[0] === 'string' ? [each as Command] : (each as Command[]))));

const scripts = (parts: fc.Arbitrary<Command | Command[]>, tasks: number, maxLength: number): fc.Arbitrary<Script> =>
  fc.record({
    tasks: fc.array(commands(parts, maxLength), { minLength: tasks, maxLength: tasks }),
    child: commands(parts, 2),
  });

const kindsOf = (exploration: Exploration) => [...new Set(exploration.violations.map(({ kind }) => kind))].sort();

function costOf({ steps }: Trace): Cost {
  const preemptions = steps.filter(({ switched }) => switched === 'preemption').length;
  return [preemptions, steps.filter(({ switched }) => switched !== 'no').length, steps.length];
}

/** What both must say about everything but races. */
function summary(known: Known) {
  return {
    outcomes: Object.fromEntries([...known.outcomes].sort(([one], [other]) => (one < other ? -1 : 1))),
    least: Object.fromEntries([...known.least].sort()),
  };
}

function agree(script: Script, known: Known): void {
  const all = explore(programOf(script), { stopAt: 'never' });
  expect(all.complete).toBe(true);
  const found = all.violations.filter(({ kind }) => !['data race', 'livelock', 'lock order'].includes(kind));
  const least = new Map<string, Cost>();
  for (const { kind, trace } of found) {
    const cost = costOf(trace);
    const before = least.get(kind);
    if (!before || isLess(cost, before)) least.set(kind, cost);
  }
  expect(Object.fromEntries([...least].sort())).toEqual(summary(known).least);
  const races = all.violations.flatMap(({ kind, message }) => (kind === 'data race' ? [message] : []));
  expect(races.filter((race) => !known.races.has(race))).toEqual([]);
  // Two frees of one object are a race, and the second is a use after free: that one may be all that is said.
  if (!known.least.has('use after free')) expect(races.length > 0).toBe(known.races.size > 0);
  if (known.hasCycle) {
    expect(all.interleavings).toBeUndefined();
    expect(Object.keys(all.outcomes)).toEqual(Object.keys(summary(known).outcomes));
    expect(kindsOf(all).includes('livelock')).toBe(hasFairCycle(known, script.tasks.length + 1));
    return;
  }
  expect(kindsOf(all)).not.toContain('livelock');
  expect(all.interleavings).toBe(String(known.interleavings));
  const outcomes = Object.entries(all.outcomes).map(([name, { interleavings }]) => [name, Number(interleavings)]);
  expect(Object.fromEntries(outcomes)).toEqual(summary(known).outcomes);
  agreeOnFirst(script, known, races.length > 0);
}

/** Stopping at the first, the engine finds the least of all. */
function agreeOnFirst(script: Script, known: Known, hasRaces: boolean): void {
  const first = explore(programOf(script));
  const [least] = [...known.least.values()].sort((one, other) => (isLess(one, other) ? -1 : 1));
  const kind = first.violation?.kind;
  if (kind === 'lock order') expect([least, hasRaces]).toEqual([undefined, false]);
  else expect(first.verdict).toBe(least || hasRaces ? 'violated' : 'holds');
  if (!first.violation || kind === 'data race' || kind === 'lock order') return;
  expect(costOf(first.violation.trace)).toEqual(least);
}

const runs = Number(globalThis.process?.env.ORACLE_RUNS ?? 40);

function check(scriptsOf: fc.Arbitrary<Script>): void {
  fc.assert(
    fc.property(scriptsOf, (script) => {
      const known = everyInterleaving(script, 3000);
      fc.pre(known !== undefined);
      agree(script, known);
    }),
    { numRuns: runs, ...(process.env.ORACLE_RUNS ? {} : { seed: 5 }) },
  );
}

const locked = fc.oneof(section, atomics);
const plainly = fc.oneof(section, plain, plainWrite, atomics);
const anything = fc.oneof(section, rawLocks, plain, plainWrite, atomics, waits, objects, ends);
/** Few values, and a point in each round: else starting over would never end. */
const bounded = fc.oneof(
  command(['read'], aCell),
  command(['write'], aCell, small),
  command(['compareAndSwap'], aCell, small, small),
);
const round = fc.tuple(aCell, small).map(([x, value]): Command[] => [
  ['read', x],
  ['againIf', value],
]);
const retrying = fc.oneof(sectionOf(fc.oneof(bounded, plain, plainWrite)), bounded, plainWrite, round, round);

test('two tasks, atomics and locks', () => check(scripts(locked, 2, 3)));
test('three tasks, atomics and locks', () => check(scripts(locked, 3, 2)));
test('two tasks with plain accesses: data races are those of vector clocks', () => check(scripts(plainly, 2, 4)));
test('two tasks that do anything', () => check(scripts(anything, 2, 4)));
test('three tasks that do anything', () => check(scripts(anything, 3, 2)));
test('two tasks that start over', () => check(scripts(retrying, 2, 2)));
