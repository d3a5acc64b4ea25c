/** How fast the search is, and how much it saves over taking every interleaving by itself. */

import { test } from 'vitest';
import { explore } from './explore.ts';
import { everyInterleaving } from './fixtures/everyInterleaving.ts';
import { p1 } from './fixtures/reference.ts';
import { type Command, programOf, type Script } from './fixtures/scripts.ts';

test('two tasks of six steps: 924 interleavings, 49 states', async ({ bench }) => {
  const commands: Command[] = Array.from({ length: 6 }, () => ['write', 0, 1]);
  const script: Script = { tasks: [commands, commands], child: [] };
  await bench.compare(
    bench('the state graph', () => void explore(programOf(script), { stopAt: 'never' })),
    bench('every interleaving', () => void everyInterleaving(script, Number.POSITIVE_INFINITY)),
  );
});

test('three tasks fill a table (P1): 8,174,736 interleavings', async ({ bench }) => {
  const whole = p1({ tasks: 3 });
  const faulty = p1({ tasks: 3, walks: true, asserts: true });
  await bench.compare(
    bench('its 5,425 states', () => void explore(whole, { stopAt: 'never' })),
    bench('its least counterexample', () => void explore(faulty)),
  );
});
