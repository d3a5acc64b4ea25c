/**
 * `npm run fuzz -- [scripts] [seed]`: random scripts over all primitives, explored in every way that there is; all must agree.
 * Prints what was covered, by kind of primitive. Ends with 1, and the smallest script that was found, if anything differs.
 */

import fc from 'fast-check';
import { type Agreement, agreementOn, type Limits } from '../src/explore/fixtures/agreement.ts';
import { kinds } from '../src/explore/fixtures/randomScripts.ts';
import type { Script } from '../src/explore/fixtures/scripts.ts';

const [scripts = 10_000, seed = Date.now() % 1_000_000] = process.argv.slice(2).map(Number);

/** Three of four are small enough to be enumerated. */
const limits: Record<'small' | 'large', Limits> = {
  small: { partialTraces: 2_000, executions: 2_000, states: 10_000 },
  large: { partialTraces: 500, executions: 5_000, states: 20_000 },
};

const columns = [
  'scripts',
  'explored',
  'enumerated',
  'complete',
  'deadlocked',
  'racy',
  'mismatches',
  'redundant',
] as const;

type Row = Record<(typeof columns)[number], number>;

const emptyRow = () => Object.fromEntries(columns.map((column) => [column, 0])) as Row;

function count(row: Row, { executions, traces }: Agreement): void {
  row.scripts++;
  if (traces) row.enumerated++;
  if (!executions) return;
  row.explored++;
  if (executions.hasRace) row.racy++;
  else for (const each of ['complete', 'deadlocked', 'mismatches', 'redundant'] as const) row[each] += executions[each];
}

interface Failure {
  readonly script: Script;
  readonly problems: readonly string[];
}

/** The smallest script of those on which something differs, if one is met. */
function search(of: fc.Arbitrary<Script>, size: 'small' | 'large', runs: number, row: Row): Failure | undefined {
  let failure: Failure | undefined;
  const property = fc.property(of, (script) => {
    const agreement = agreementOn(script, limits[size]);
    if (!failure) count(row, agreement);
    if (agreement.problems.length === 0) return true;
    failure = { script, problems: agreement.problems };
    return false;
  });
  const { counterexample } = fc.check(property, { numRuns: runs, seed });
  const [script] = counterexample ?? [];
  return script && { script, problems: agreementOn(script, limits[size]).problems };
}

const line = (cells: readonly (string | number)[]) =>
  cells.map((cell, at) => (at === 0 ? String(cell).padEnd(14) : String(cell).padStart(11))).join('');

console.log(`seed ${seed}\n${line(['', ...columns])}`);
const total = emptyRow();
const failures: Failure[] = [];
const names = Object.keys(kinds) as (keyof typeof kinds)[];
for (const kind of names) {
  const row = emptyRow();
  const large = Math.ceil(scripts / names.length / 4);
  const small = Math.ceil(scripts / names.length) - large;
  for (const [size, runs] of [
    ['small', small],
    ['large', large],
  ] as const) {
    const failure = search(kinds[kind][size], size, runs, row);
    if (failure) failures.push(failure);
  }
  for (const column of columns) total[column] += row[column];
  console.log(line([kind, ...columns.map((column) => row[column])]));
}
console.log(line(['all', ...columns.map((column) => total[column])]));
for (const { script, problems } of failures) console.error(`\n${JSON.stringify(script)}\n${problems.join('\n')}`);
console.log(
  failures.length === 0 ? 'all ways agree' : `${failures.length} kinds of scripts on which they do not agree`,
);
process.exitCode = failures.length === 0 ? 0 : 1;
