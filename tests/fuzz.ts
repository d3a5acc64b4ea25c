/**
 * `npm run fuzz -- [scripts] [seed]`: random scripts over all primitives, explored in every way that there is; all must agree.
 * Prints what was covered, by kind of primitive. Ends with 1, and the smallest script that was found, if anything differs.
 */

import fc from 'fast-check';
import { type Agreement, agreementOn, dporAgreementOn, type Limits } from '../src/explore/fixtures/agreement.ts';
import { kinds } from '../src/explore/fixtures/randomScripts.ts';
import type { Script } from '../src/explore/fixtures/scripts.ts';

const [scripts = 10_000, seed = Date.now() % 1_000_000] = process.argv.slice(2).map(Number);

/** A half of the scripts is small enough to be enumerated; of the last ones DPOR alone explores all. */
const sizes = {
  small: { share: 0.5, limits: { partialTraces: 2_000, executions: 2_000, states: 10_000 }, agree: agreementOn },
  large: { share: 0.2, limits: { partialTraces: 500, executions: 5_000, states: 20_000 }, agree: agreementOn },
  long: { share: 0.3, limits: { partialTraces: 0, executions: 10_000, states: 0 }, agree: dporAgreementOn },
} satisfies Record<string, { share: number; limits: Limits; agree: typeof agreementOn }>;

type Size = keyof typeof sizes;

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
function search(of: fc.Arbitrary<Script>, size: Size, runs: number, row: Row): Failure | undefined {
  const { limits, agree } = sizes[size];
  let hasFailed = false;
  const property = fc.property(of, (script) => {
    const agreement = agree(script, limits);
    if (!hasFailed) count(row, agreement); // from then on fast-check looks for smaller ones
    hasFailed ||= agreement.problems.length > 0;
    return agreement.problems.length === 0;
  });
  const [script] = fc.check(property, { numRuns: runs, seed }).counterexample ?? [];
  return script && { script, problems: agree(script, limits).problems };
}

const line = (cells: readonly (string | number)[]) =>
  cells.map((cell, at) => (at === 0 ? String(cell).padEnd(14) : String(cell).padStart(11))).join('');

console.log(`seed ${seed}\n${line(['', ...columns])}`);
const total = emptyRow();
const failures: Failure[] = [];
const names = Object.keys(kinds) as (keyof typeof kinds)[];
for (const kind of names) {
  const row = emptyRow();
  for (const size of Object.keys(sizes) as Size[]) {
    const runs = Math.ceil((scripts / names.length) * sizes[size].share);
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
