/** The lost zap: recorded on a real kernel, and found by the simulation alone. */

import { expect, test } from 'vitest';
import { explore, type TraceStep } from '#explore';
import { disableMemory, fault, generations, simulate } from '#linux';
import { keptRecordings } from './node/recordings.ts';
import { episodesOf } from './observation.ts';
import { traceOfEpisode } from './replay.ts';

/** Who zaps, who fills, who switches, in the order in which the last of each happens. */
function order(steps: readonly TraceStep[]): string[] {
  const telling = { ptep_get_and_clear: 'zap', kfree: 'zap', set_pte_at: 'fill', pci_write_config_word: 'off' };
  const last = new Map<string, number>();
  for (const [at, { operation, plain }] of steps.entries())
    for (const said of [operation, ...plain.map((each) => each.operation)])
      for (const [begins, what] of Object.entries(telling)) if (said.startsWith(begins)) last.set(what, at);
  return [...last].sort(([, one], [, other]) => one - other).map(([what]) => what);
}

const LOST = ['zap', 'fill', 'off'];

test('the simulation finds it by itself', () => {
  const world = {
    bars: { bar0: 2 },
    vmas: { v: { bar: 'bar0', process: 'p' } },
    tasks: { A: disableMemory(), B: fault('v', 1) },
    kernel: '6.1',
  };
  const { violation } = explore(simulate(world, generations.v5_8));
  expect(violation).toMatchObject({ kind: 'invariant', message: expect.stringMatching(/^live mapping/) });
  expect(order(violation?.trace.steps ?? [])).toEqual(LOST);
});

test('a real kernel has done it', () => {
  const episodes = episodesOf(keptRecordings()['early-race'] ?? expect.fail('there is no such recording'));
  const episode = episodes.find(({ observations }) => observations.some(({ kind }) => kind === 'stale'));
  const { observations } = episode ?? expect.fail('no read was stale');
  const stale = observations.findIndex(({ kind }) => kind === 'stale');
  const upToIt = { ...(episode as NonNullable<typeof episode>), observations: observations.slice(0, stale + 1) };
  const { steps } = traceOfEpisode(upToIt, generations.v5_8);
  expect(order(steps)).toEqual(LOST);
});
