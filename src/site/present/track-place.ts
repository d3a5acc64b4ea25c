/** Where a lesson stands in a track: its minutes there, and what comes after it. */

import type { Row, Plan as TrackPlan } from '#course/tracks';
import { beginOf, endOf, type Plan, phases } from './clock.ts';

export interface Place {
  /** None for a phase that the track leaves out. */
  readonly minutes: Plan;
  /** Minutes from the begin of the track to that of the lesson. */
  readonly begin: number;
  /** The lesson's own. */
  readonly rows: readonly Row[];
  /** What comes after it, up to the first row of the next lesson. */
  readonly after: readonly Row[];
}

/** Undefined if the track does not have the lesson. */
export function placeIn({ rows }: Pick<TrackPlan, 'rows'>, lesson: string): Place | undefined {
  const own = rows.filter((row) => row.lesson?.id === lesson);
  const [first, last] = [own[0], own.at(-1)];
  if (!first || !last) return undefined;
  const rest = rows.slice(rows.indexOf(last) + 1);
  const next = rest.findIndex((row) => row.lesson);
  return {
    minutes: { talk: lengthOf(own, 'talk'), exercise: lengthOf(own, 'exercise'), debrief: lengthOf(own, 'debrief') },
    begin: first.begin,
    rows: own,
    after: next < 0 ? rest : rest.slice(0, next + 1),
  };
}

/** Of a lesson that is taught by itself. */
export function ownPlace(minutes: Plan): Place {
  const rows = phases.map((kind) => ({
    kind,
    begin: beginOf(minutes, kind),
    end: endOf(minutes, kind),
    isCut: false,
  }));
  return { minutes, begin: 0, rows, after: [] };
}

const lengthOf = (rows: readonly Row[], kind: Row['kind']): number =>
  rows.filter((row) => row.kind === kind).reduce((total, { begin, end }) => total + end - begin, 0);
