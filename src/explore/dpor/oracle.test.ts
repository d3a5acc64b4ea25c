/**
 * DPOR against the plain enumeration of partial traces, against the state graph, and against itself without its short cuts:
 * random scripts, by kind of primitive. `npm run fuzz` runs more of them, and larger ones.
 */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agreementOn } from '../fixtures/agreement.ts';
import { kinds } from '../fixtures/randomScripts.ts';

const SMALL = 25;
const LARGE = 4;

test.each(Object.entries(kinds))('%s', (_, { small, large }) => {
  let enumerated = 0;
  const agrees = (limits: { partialTraces: number; executions: number; states: number }) => (script: never) => {
    const { traces, problems } = agreementOn(script, limits);
    if (traces) enumerated++;
    expect(problems).toEqual([]);
  };
  const few = { partialTraces: 300, executions: 300, states: 2_000 };
  fc.assert(fc.property(small, agrees(few) as never), { numRuns: SMALL, seed: 7 });
  fc.assert(fc.property(large, agrees({ ...few, partialTraces: 50 }) as never), { numRuns: LARGE, seed: 7 });
  expect(enumerated).toBeGreaterThan(SMALL / 2);
});
