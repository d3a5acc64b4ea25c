/** A verdict as a report: what of it a room is told. */

import type { Report, State } from './code.ts';
import type { Gauged } from './gauged.ts';

/** Of a verdict, what is told. */
export interface Judged {
  readonly checks: readonly { readonly id: string; readonly status: State; readonly misconception?: string }[];
}

/** Of an answer that does not compile no check has run. The misconception is that of the first check that fails. */
export function reportOf({ checks }: Judged, gauged: Gauged, who: number): Report {
  const found = new Map(checks.map((check) => [check.id, check]));
  const misconception = checks.find(({ status }) => status !== 'passed' && status !== 'not run')?.misconception;
  return {
    exercise: gauged.id,
    who,
    checks: gauged.checks.map(({ id }) => found.get(id)?.status ?? 'not run'),
    ...(misconception === undefined ? {} : { misconception }),
  };
}
