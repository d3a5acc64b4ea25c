/** How much was looked at, in words: the same in the terminal and on the site. */

import type { Check, Explored, Verdict } from './verdict.ts';

/** `all 214 interleavings`, `the only state`, `found among all 840 states and 12 executions of 3 programs`; undefined where nothing was counted. */
export function exploredText({ status, trace, explored }: Check): string | undefined {
  const counts = explored ? countsOf(explored) : [];
  if (!explored || counts.length === 0) return undefined;
  // It passed because there is such an execution, not because all are like it.
  if (status === 'passed' && trace)
    return `found among ${explored.complete ? allOf(explored, counts) : numbered(explored, counts)}`;
  return explored.complete ? allOf(explored, counts) : `${numbered(explored, counts)} looked at`;
}

/** What a search has come to. */
export interface Looked {
  readonly states: number;
  /** There are at least so many. */
  readonly interleavings?: number;
}

/** While it runs: `at least 3,052 interleavings, 812 states`; empty before there is anything to tell. */
export function soFarText({ states, interleavings }: Looked): string {
  if (states === 0) return '';
  const told = `${readable(BigInt(states))} states`;
  return interleavings === undefined ? told : `at least ${readable(BigInt(interleavings))} interleavings, ${told}`;
}

/** Some check passed whose interleavings have no number, so that its states are told instead: that wants a word of explanation. */
export function tellsStates({ checks }: Verdict): boolean {
  return checks.some(
    ({ status, explored }) =>
      status === 'passed' &&
      explored?.complete === true &&
      explored.interleavings === undefined &&
      explored.states !== undefined,
  );
}

interface Count {
  readonly of: string;
  readonly count: bigint;
}

/** Interleavings, where all programs have a number of them; else what each engine counts: one states, the other executions. */
function countsOf({ interleavings, states, executions }: Explored): Count[] {
  if (interleavings !== undefined) return [{ of: 'interleaving', count: BigInt(interleavings) }];
  const counted = { state: states, execution: executions };
  return Object.entries(counted).flatMap(([of, count]) => (count ? [{ of, count: BigInt(count) }] : []));
}

function allOf(explored: Explored, counts: readonly Count[]): string {
  const [only, ...more] = counts;
  if (only && more.length === 0 && !explored.programs) {
    if (only.count === 1n) return `the only ${only.of}`;
    if (only.count === 2n) return `both ${only.of}s`;
  }
  return `all ${numbered(explored, counts)}`;
}

function numbered({ programs }: Explored, counts: readonly Count[]): string {
  const each = counts.map(({ of, count }) => `${readable(count)} ${of}${count === 1n ? '' : 's'}`);
  return `${each.join(' and ')}${programs ? ` of ${programs} programs` : ''}`;
}

/** Nobody reads seventeen digits: `2.3 × 10¹⁶`. */
function readable(count: bigint): string {
  const digits = String(count);
  if (digits.length <= 9) return digits.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  const exponent = String(digits.length - 1).replace(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'.charAt(Number(digit)));
  return `${digits[0]}.${digits[1]} × 10${exponent}`;
}
