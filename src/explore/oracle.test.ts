/** The engine against brute force: random scripts, run by code that has nothing in common with it. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { explore } from './explore.ts';
import { type Cost, everyInterleaving, hasFairCycle, isLess, type Known } from './fixtures/everyInterleaving.ts';
import { parts, scripts } from './fixtures/randomScripts.ts';
import { programOf, type Script } from './fixtures/scripts.ts';
import type { Exploration, Trace } from './program.ts';

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

test('two tasks, atomics and locks', () => check(scripts(parts.locked, 2, 3)));
test('three tasks, atomics and locks', () => check(scripts(parts.locked, 3, 2)));
test('two tasks with plain accesses: data races are those of vector clocks', () => check(scripts(parts.plainly, 2, 4)));
test('two tasks that do anything', () => check(scripts(parts.anything, 2, 4)));
test('three tasks that do anything', () => check(scripts(parts.anything, 3, 2)));
test('two tasks and a fair lock', () => check(scripts(parts.fairLocks, 2, 2)));
test('two tasks that start over', () => check(scripts(parts.retrying, 2, 2)));
