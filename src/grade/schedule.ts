/** A schedule with its prefix: which program of which check it belongs to, and for which code it was made. */

import type { Trace } from '#explore';
import { canonicalJson, sha256Of } from './verdict.ts';

export interface SchedulePrefix {
  readonly check: string;
  /** The n-th program that the check explores, from 1. */
  readonly n: number;
  readonly fingerprint: string;
}

export interface FullSchedule extends SchedulePrefix {
  readonly schedule: string;
}

/** `1.<check id>.<n>.<fingerprint>~A3-B2-A`: only characters that a URL leaves alone. */
export function writeSchedule({ check, n, fingerprint, schedule }: FullSchedule): string {
  return `1.${check}.${n}.${fingerprint}~${schedule}`;
}

/** Reads what `writeSchedule` wrote; undefined for anything else. */
export function parseSchedule(text: string): FullSchedule | undefined {
  const [, check, n, fingerprint, schedule] = /^1\.([a-z0-9-]+)\.([1-9]\d*)\.([0-9a-f]+)~(.*)$/.exec(text) ?? [];
  if (check === undefined || fingerprint === undefined || schedule === undefined) return undefined;
  return { check, n: Number(n), fingerprint, schedule };
}

/** A fingerprint of submission and world: the world's name, and what it looks like before its first step. */
export function fingerprintOf(submission: string, { program, picture }: Pick<Trace, 'program' | 'picture'>): string {
  return sha256Of(canonicalJson({ submission, program, picture: picture ?? null })).slice(0, 8);
}
