/** What lessons show and tell of runs, those of real kernels among them: the recordings are files. */

import { keptRecordings } from '#fidelity/node/recordings';
import {
  isRecorded,
  type RecordedDeeds,
  recordedDeeds,
  recordedNumber,
  recordedTrace,
} from '../experiments/recorded.ts';
import * as simulated from '../experiments/shown.ts';

type Shown = ReturnType<typeof simulated.shownOf>;

/** An experiment as it is shown; undefined where none has that id. */
export function shownOf(id: string): Shown {
  return isRecorded(id) ? recordedTrace(id, keptRecordings()) : simulated.shownOf(id);
}

/** A number of an experiment, as prose writes it; undefined where it has none such, or only the site can have it. */
export function numberOf(id: string, what: string): string | undefined {
  return isRecorded(id)
    ? recordedNumber(id, what, keptRecordings())?.toLocaleString('en')
    : simulated.numberOf(id, what);
}

/** What probes saw of a recorded run. */
export const deedsOf = (id: string): RecordedDeeds => recordedDeeds(id, keptRecordings());

export { patchOf, stepsUnder } from '../experiments/patches.ts';
