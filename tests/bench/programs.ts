/** The programs that are timed, and what other tools needed for the same ones. */

import { filesystem, indexer } from '../../src/explore/fixtures/literature.ts';
import { lastZero, p1, p3, readers } from '../../src/explore/fixtures/reference.ts';
import type { Engine, ExploreOptions, Program } from '../../src/explore/program.ts';

export interface Timed {
  readonly engine: Engine;
  readonly make: () => Program<never>;
  /** Executions, or states, that there must be. */
  readonly count: number;
  /** CPU seconds of GenMC 0.10.3 and Nidhugg 0.4 for the same number of executions, on a machine with `PEERS_RESUMES`. */
  readonly genmc?: number;
  readonly nidhugg?: number;
}

/** Nothing is left out. */
export const everything: ExploreOptions = {
  executions: Number.POSITIVE_INFINITY,
  states: Number.POSITIVE_INFINITY,
};

/** Bare generator resumes per second on the machine on which the other tools were timed, November 2026. */
export const PEERS_RESUMES = 57e6;

const dpor = (make: () => unknown, count: number, genmc?: number, nidhugg?: number): Timed => ({
  engine: 'dpor',
  make: make as Timed['make'],
  count,
  ...(genmc === undefined ? {} : { genmc }),
  ...(nidhugg === undefined ? {} : { nidhugg }),
});
const graph = (make: () => unknown, count: number): Timed => ({ engine: 'graph', make: make as Timed['make'], count });

export const programs: Readonly<Record<string, Timed>> = {
  'P1(3,2,0)': dpor(() => p1({ tasks: 3 }), 540, 0.11, 0.09),
  'P1(4,2,0)': dpor(() => p1({ tasks: 4 }), 60_480, 4.56, 6.84),
  'P1(4,2,1)': dpor(() => p1({ tasks: 4, ptl: 'each' }), 13_824, 1.12, 1.83),
  'P1(3,2,3)': dpor(() => p1({ tasks: 3, ptl: 'apart' }), 207_900, 14.7, 21.7),
  'P1(5,2,1)': dpor(() => p1({ tasks: 5, ptl: 'each' }), 1_728_000, 170.6),
  'P3(5,2,0)': dpor(() => p3({ tasks: 5 }), 113_400, 10.1, 17.9),
  'P3(5,2,1)': dpor(() => p3({ tasks: 5, ptl: 'each' }), 14_400, 1.53, 1.52),
  'lastzero(10)': dpor(() => lastZero(10), 3328, 0.24, 0.72),
  'lastzero(15)': dpor(() => lastZero(15), 147_456, 7.4, 45.1),
  'readers(13)': dpor(() => readers(13), 8192, 0.23, 1.7),
  'indexer(14)': dpor(() => indexer(14), 512, 1.3, 1.23),
  'indexer(15)': dpor(() => indexer(15), 4096, 9.84, 9.66),
  'filesystem(19)': dpor(() => filesystem(19), 64, 0.14, 0.09),
  'graph P1(4,2,0)': graph(() => p1({ tasks: 4 }), 291_961),
  'graph P3(6,2,0)': graph(() => p3({ tasks: 6 }), 50_005),
  'graph P3(8,2,0)': graph(() => p3({ tasks: 8 }), 1_019_313),
  'graph P1s(6,2,0)': graph(() => p1({ tasks: 6, alike: true }), 139_575),
  'graph lastzero(10)': graph(() => lastZero(10), 1_390_501),
};
