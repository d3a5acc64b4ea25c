/** Reading a lesson in the terminal: its pieces, where one is, and what stands there. */

import type { Lesson } from '#course/catalogue';
import type { ShownPatch, StepsAlone } from '#course/experiments/patches';
import type { RecordedDeeds } from '#course/experiments/recorded';
import type { Prediction } from '#course/predictions';
import { type Piece, piecesOf } from '#course/reading';
import type { Trace } from '#explore';
import type { Desk } from '../desk.ts';
import type { Player } from './player.ts';

export interface Reading {
  readonly lesson: Lesson;
  readonly pieces: readonly Piece[];
  /** The first piece on the screen. */
  readonly at: number;
  /** The first that is no longer on it. */
  readonly end: number;
  readonly experiments: Readonly<Record<string, Shown>>;
  readonly recordings: Readonly<Record<string, RecordedDeeds>>;
  readonly patches: Readonly<Record<string, ShownPatch>>;
  readonly steps: Readonly<Record<string, readonly StepsAlone[]>>;
  /** The keys of the right options, by prediction: of those that were answered while one read. */
  readonly answers: Readonly<Record<string, string | undefined>>;
  /** With what was proved: until its exercise is passed, a lesson ends where it asks for that. */
  readonly isWhole: boolean;
  /** What the last key came to, where it led nowhere. */
  readonly note?: string;
}

interface Shown {
  readonly caption: string;
  readonly trace: Trace;
}

interface Opening {
  readonly isWhole: boolean;
  /** Behind the exercise, for one who has read what stands before it. */
  readonly goesOn?: boolean;
}

/** Opens a lesson at its beginning. */
export async function openReading(desk: Desk, lesson: Lesson, { isWhole, goesOn }: Opening): Promise<Reading> {
  const { shownOf, numberOf, deedsOf, patchOf, stepsUnder } = await desk.experiments();
  const all = piecesOf(lesson, numberOf);
  const proved = all.findIndex((piece) => piece.kind === 'prose' && /^## What you proved\b/.test(piece.text));
  const pieces = isWhole || proved < 0 ? all : all.slice(0, proved);
  const experiments: Record<string, Shown> = {};
  for (const piece of pieces) {
    const shown = piece.kind === 'experiment' ? shownOf(piece.id) : undefined;
    if (piece.kind === 'experiment' && shown) experiments[piece.id] = shown;
  }
  const recordings: Record<string, RecordedDeeds> = {};
  for (const piece of pieces) if (piece.kind === 'recording') recordings[piece.id] = deedsOf(piece.id);
  const patches: Record<string, ShownPatch> = {};
  for (const piece of pieces) if (piece.kind === 'patch') patches[piece.name] = patchOf(piece.name);
  const steps: Record<string, readonly StepsAlone[]> = {};
  for (const piece of pieces) if (piece.kind === 'steps') steps[piece.under] = stepsUnder(piece.under);
  const at = goesOn && proved >= 0 ? proved : 0;
  return { lesson, pieces, at, end: at, experiments, recordings, patches, steps, answers: {}, isWhole };
}

/** Where one left it; after the end, at the beginning. */
export const reopened = (reading: Reading): Reading => ({
  ...reading,
  at: reading.end >= reading.pieces.length ? 0 : reading.at,
});

/** A prediction or an experiment ends the screen: what comes after would give it away. */
export const isStop = ({ kind }: Piece): boolean => kind === 'prediction' || kind === 'experiment';

/** Where the lesson asks first; its beginning where it asks nothing. */
export const firstQuestion = ({ pieces }: Reading): number =>
  Math.max(
    0,
    pieces.findIndex(({ kind }) => kind === 'prediction'),
  );

/** What is asked on the screen. */
export function askedIn({ pieces, at, end }: Reading): Prediction | undefined {
  const piece = pieces.slice(at, end).find(({ kind }) => kind === 'prediction');
  return piece?.kind === 'prediction' ? piece.prediction : undefined;
}

/** The same, with its question still on the screen: an answer makes it longer. `turnTo`: fits it to the screen. */
export function withQuestion(reading: Reading, turnTo: (reading: Reading) => Reading | undefined): Reading {
  const asked = askedIn(reading);
  const shown = turnTo(reading) ?? reading;
  if (askedIn(shown) === asked) return shown;
  const at = reading.pieces.findIndex((piece) => piece.kind === 'prediction' && piece.prediction === asked);
  return turnTo({ ...reading, at }) ?? reading;
}

/** The experiment on the screen, to be stepped through; undefined where there is none. */
export function playerIn({ pieces, at, end, experiments }: Reading): Player | undefined {
  const piece = pieces.slice(at, end).find(({ kind }) => kind === 'experiment');
  const shown = piece?.kind === 'experiment' ? experiments[piece.id] : undefined;
  if (!shown) return undefined;
  const { caption, trace } = shown;
  const check = {
    id: 'experiment',
    name: caption.replaceAll('`', '').replace(/\.$/, ''),
    stage: 1,
    status: 'passed',
    trace,
  } as const;
  return { check, trace, at: 1, reasons: undefined, isOfLesson: true };
}
