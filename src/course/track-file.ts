/** `content/workshop/tracks/id.yaml`: what is taught in one stretch of time, in which order. */

import { type FieldFile, FieldReader, isRecord, parseFieldFile } from './front-matter.ts';
import type { Problem } from './problem.ts';

export interface Track {
  /** The file's name. */
  readonly id: string;
  readonly file: string;
  readonly title: string;
  /** From its begin to its end, breaks included. */
  readonly minutes: number;
  /** Was it held with a room, or are its times only estimated? */
  readonly tried: boolean;
  /** Was it walked through against a clock, aloud and alone, with the notes and the slides? Says less than `tried`. */
  readonly walked: boolean;
  /** What its learners take home, in a sentence. */
  readonly aim: string;
  /** What to check before the day. */
  readonly before: readonly string[];
  readonly items: readonly Item[];
  readonly problems: readonly Problem[];
}

export type Item = Pause | Lecture;

interface Part {
  /** What is done here, where it is not plain. */
  readonly does?: string;
  /** What is left out when time runs short: all of it, or the exercise with its debrief. */
  readonly cut?: 'all' | 'exercise';
  /** What is done instead of what is left out. */
  readonly instead?: string;
  /** Minutes that it takes. */
  readonly insteadTakes?: number;
  readonly line: number;
}

export interface Pause extends Part {
  readonly kind: 'opening' | 'break' | 'closing';
  readonly minutes: number;
}

export interface Lecture extends Part {
  readonly kind: 'lesson';
  readonly lesson: string;
  /** Minutes; else those of the notes. */
  readonly talk?: number;
  /** Minutes; else those of the lesson. */
  readonly exercise?: number;
  /** Nothing but the talk: no exercise, no debrief. */
  readonly only?: 'talk';
}

const KINDS = ['opening', 'lesson', 'break', 'closing'] as const;
const PART = ['do', 'cutWhenLate', 'instead', 'insteadTakes'];

/** Reads a track. What it lacks is empty and among `problems`; an item that cannot be read is left out. */
export function parseTrack(file: string, text: string): Track {
  const fields = parseFieldFile(file, 'a track', text);
  const read = new FieldReader(fields);
  const track = {
    id: file.replace(/^.*\//, '').replace(/\.yaml$/, ''),
    file,
    title: read.text('title'),
    minutes: read.count('minutes'),
    tried: read.flag('tried'),
    walked: read.choiceIfAny('walked', [true]) ?? false,
    aim: read.text('aim'),
    before: read.texts('before'),
  };
  const items = read.list('items').map((_, index) => parseItem(fields, index));
  read.expectOnly(['title', 'minutes', 'tried', 'walked', 'aim', 'before', 'items']);
  return {
    ...track,
    items: items.flatMap(({ item }) => item ?? []),
    problems: [...read.problems, ...items.flatMap(({ problems }) => problems)],
  };
}

function parseItem(track: FieldFile, index: number): { item?: Item; problems: readonly Problem[] } {
  const value = (track.fields.items as readonly unknown[])[index];
  const line = track.lineOf(['items', index]);
  const fields = isRecord(value) ? value : {};
  const read = new FieldReader({ file: track.file, called: 'an item of a track', line, fields, problems: [] });
  const kinds = KINDS.filter((kind) => read.has(kind));
  const [kind] = kinds;
  if (!isRecord(value)) {
    read.problem('an item of a track is a list of named fields', `It is ${JSON.stringify(value)}: write "break: 10".`);
  } else if (kind === undefined || kinds.length > 1) {
    const advice = `It is ${kinds.join(' and ') || 'none of them'}: give each an item of its own.`;
    read.problem(`an item of a track is one of ${KINDS.join(', ')}`, advice);
  } else {
    const item = kind === 'lesson' ? lectureOf(read, line) : pauseOf(read, kind, line);
    if (read.has('instead') && !read.has('cutWhenLate'))
      read.problem('what is done instead stands beside a `cutWhenLate`', 'Add it, or take `instead` out.');
    if (read.has('insteadTakes') && !read.has('instead'))
      read.problem('minutes of what is done instead stand beside an `instead`', 'Add it, or take `insteadTakes` out.');
    if (read.problems.length === 0) return { item, problems: [] };
  }
  return { problems: read.problems };
}

function pauseOf(read: FieldReader, kind: Pause['kind'], line: number): Pause {
  read.expectOnly([kind, ...PART]);
  return { kind, minutes: read.count(kind), ...partOf(read, [true]), line };
}

function lectureOf(read: FieldReader, line: number): Lecture {
  read.expectOnly(['lesson', 'talk', 'exercise', 'only', ...PART]);
  const only = read.choiceIfAny('only', ['talk']);
  const [talk, exercise] = [read.countIfAny('talk'), read.countIfAny('exercise')];
  if (only !== undefined && exercise !== undefined)
    read.problem('a lesson is told, or has an exercise', 'Take `only` out, or `exercise`.');
  return {
    kind: 'lesson',
    lesson: read.text('lesson'),
    ...(talk !== undefined && { talk }),
    ...(exercise !== undefined && { exercise }),
    ...(only !== undefined && { only: 'talk' }),
    ...partOf(read, only === undefined ? [true, 'exercise'] : [true]),
    line,
  };
}

function partOf(read: FieldReader, cuts: readonly (true | 'exercise')[]): Omit<Part, 'line'> {
  const [does, instead] = [read.textIfAny('do'), read.textIfAny('instead')];
  const insteadTakes = read.countIfAny('insteadTakes');
  const cut = read.choiceIfAny('cutWhenLate', cuts);
  return {
    ...(does !== undefined && { does }),
    ...(cut !== undefined && { cut: cut === true ? 'all' : cut }),
    ...(instead !== undefined && { instead }),
    ...(insteadTakes !== undefined && { insteadTakes }),
  };
}
