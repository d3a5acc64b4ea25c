/** How a track runs: who does what from which minute to which, what can be left out, and how much time that gives. Pure. */

import type { Lesson } from './lesson.ts';
import type { Notes } from './notes.ts';
import type { Item, Track } from './track-file.ts';

export { type Item, parseTrack, type Track } from './track-file.ts';

/** What a plan is made of, besides its track: a catalogue, for one. */
export interface Taught {
  readonly lessons: readonly Lesson[];
  readonly notes: readonly Notes[];
}

export interface Plan {
  readonly rows: readonly Row[];
  /** What can be left out when time runs short, in the order in which it would come. */
  readonly cuts: readonly Cut[];
  /** Minutes of all rows. */
  readonly total: number;
  /** Minutes that are left; fewer than none, if it does not fit. */
  readonly inHand: number;
}

export interface Row {
  readonly kind: 'opening' | 'talk' | 'exercise' | 'debrief' | 'break' | 'closing';
  /** Minutes after the begin of the track. */
  readonly begin: number;
  readonly end: number;
  readonly lesson?: Lesson;
  /** What is done here, where it is not plain. */
  readonly does?: string;
  /** Whether it can be left out when time runs short. */
  readonly isCut: boolean;
}

export interface Cut {
  /** Of the first row that is left out. */
  readonly kind: Row['kind'];
  /** When it would begin. */
  readonly begin: number;
  readonly lesson?: Lesson;
  /** What of its item is still done. */
  readonly leaves: 'nothing' | 'the talk';
  /** What leaving it out gives, less what is done instead. */
  readonly minutes: number;
  /** What is done instead. */
  readonly instead?: string;
}

/** The plan of a track. A lesson that is unknown or has no notes takes no time in it: the rules name it. */
export function planOf(track: Track, taught: Taught): Plan {
  const rows: Row[] = [];
  const cuts: Cut[] = [];
  let now = 0;
  for (const item of track.items) {
    const lesson = item.kind === 'lesson' ? taught.lessons.find(({ id }) => id === item.lesson) : undefined;
    const added = stretches(item, lesson, taught).map(({ kind, minutes }) => {
      const begin = now;
      now += minutes;
      return rowOf(item, kind, { begin, end: now }, lesson);
    });
    rows.push(...added);
    cuts.push(...cutOf(item, added));
  }
  return { rows, cuts, total: now, inHand: track.minutes - now };
}

/**
 * Minutes that a room gets for a lesson's exercise: the middle of its range, rounded up. By then half of the room should be done.
 * Waiting for the slowest would lose the others; who is not done keeps what they have, and finds the solution after the debrief.
 */
export function exerciseMinutes({ minutes: [low, high] }: Pick<Lesson, 'minutes'>): number {
  return Math.ceil((low + high) / 2);
}

interface Stretch {
  readonly kind: Row['kind'];
  readonly minutes: number;
}

function stretches(item: Item, lesson: Lesson | undefined, { notes }: Taught): Stretch[] {
  if (item.kind !== 'lesson') return [item];
  const own = notes.find(({ id }) => id === item.lesson);
  if (!lesson || !own) return [];
  const talk: Stretch = { kind: 'talk', minutes: item.talk ?? own.talk };
  if (item.only) return [talk];
  return [
    talk,
    { kind: 'exercise', minutes: item.exercise ?? exerciseMinutes(lesson) },
    { kind: 'debrief', minutes: own.debrief },
  ];
}

function rowOf(item: Item, kind: Row['kind'], when: { begin: number; end: number }, lesson: Lesson | undefined): Row {
  const speaksOf = item.kind === 'lesson' && !item.only ? 'exercise' : kind;
  return {
    kind,
    ...when,
    ...(lesson && { lesson }),
    ...(item.does !== undefined && kind === speaksOf && { does: item.does }),
    isCut: item.cut === 'all' || (item.cut === 'exercise' && kind !== 'talk'),
  };
}

function cutOf(item: Item, rows: readonly Row[]): Cut[] {
  const [first, ...others] = rows.filter(({ isCut }) => isCut);
  if (!first) return [];
  const end = others.at(-1)?.end ?? first.end;
  return [
    {
      kind: first.kind,
      begin: first.begin,
      ...(first.lesson && { lesson: first.lesson }),
      leaves: item.cut === 'exercise' ? 'the talk' : 'nothing',
      minutes: end - first.begin - (item.insteadTakes ?? 0),
      ...(item.instead !== undefined && { instead: item.instead }),
    },
  ];
}
