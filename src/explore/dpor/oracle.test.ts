/**
 * DPOR against the plain enumeration of partial traces, against the state graph, and against itself without its short cuts:
 * random scripts, by kind of primitive. `npm run fuzz` runs more of them, and larger ones.
 */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agreementOn, type Limits } from '../fixtures/agreement.ts';
import { kinds } from '../fixtures/randomScripts.ts';
import type { Script } from '../fixtures/scripts.ts';

/** So many scripts of each kind. */
const SMALL = 18;
const LARGE = 3;

test.each(Object.entries(kinds))('%s', (_, { small, large }) => {
  let enumerated = 0;
  const agrees = (scripts: fc.Arbitrary<Script>, limits: Limits) =>
    fc.property(scripts, (script) => {
      const { traces, problems } = agreementOn(script, limits);
      if (traces) enumerated++;
      expect(problems).toEqual([]);
    });
  const few = { partialTraces: 200, executions: 100, states: 1_000 };
  fc.assert(agrees(small, few), { numRuns: SMALL, seed: 7 });
  fc.assert(agrees(large, { ...few, partialTraces: 50 }), { numRuns: LARGE, seed: 7 });
  expect(enumerated).toBeGreaterThan(SMALL / 2);
});
