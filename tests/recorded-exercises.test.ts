/** What an exercise says was recorded was recorded. */

import { expect, test } from 'vitest';
import { keptRecordings } from '../src/fidelity/node/recordings.ts';
import { episodesOf, readEpisode } from '../src/fidelity/observation.ts';

const kept = keptRecordings();
const { variants } = await import('../exercises/40-on-the-real-kernel/variants.ts');

test.each(Object.entries(variants))(
  'on-the-real-kernel, %s: an iteration of the recording that it names',
  (_, { recorded }) => {
    const { recording, ...told } = recorded;
    const run = kept[recording] ?? expect.fail(`there is no recording ${recording}`);
    const { observations, pages, pfn } = readEpisode(told);
    expect(episodesOf(run)).toContainEqual(expect.objectContaining({ observations, pages, pfn }));
  },
);
