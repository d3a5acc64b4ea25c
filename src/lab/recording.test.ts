import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { iterationsOf, parseRecording } from '#fidelity/recording';
import { type Recording, writeRecording } from './recording.ts';

const recording: Recording = {
  ...{ schema: 'faultline/recording/1', kernel: '6.1', date: '2026-11-27', command: 'npm run lab', variant: 'early' },
  ...{ mode: 'remap', threads: 2, cpus: 2, pages: 8, bug: null, stale: 0 },
  events: [
    ['T0', 'mark', { text: 'iter=1' }],
    ['T1', 'fault_out', { ret: '0x100' }],
    ['T0', 'mark', { text: 'iter=2' }],
  ],
};

describe('a recording', () => {
  it('is read as it was written', () => {
    expect(parseRecording(gunzipSync(writeRecording(recording)).toString())).toEqual(recording);
  });

  it('is cut at the marks of iterations', () => {
    expect(iterationsOf([['T0', 'close_in', {}], ...recording.events]).map((each) => each.length)).toEqual([2, 1]);
  });
});
