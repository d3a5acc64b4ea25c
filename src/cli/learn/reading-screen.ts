/** A lesson, a screenful at a time. */

import { type Progress, progressOf } from '#course/progress';
import type { Piece } from '#course/reading';
import { drawDeeds } from '../lab-columns.ts';
import { type Look, paint } from '../look.ts';
import { proseLines, renderMarkdown, wrap } from '../prose.ts';
import { pageOf, whereToRead } from '../where-to-read.ts';
import { inOneLine } from './keys.ts';
import { patchLines, stepLines } from './patch-lines.ts';
import { optionLines, outcomeLines } from './prediction-screen.ts';
import { isStop, type Reading } from './reading.ts';
import type { State } from './state.ts';

// Title, the lines below it, and what may be pressed.
const FRAME = 5;
// Rows of text, however small the window is.
const LEAST = 6;

/** The screen, in no more rows than there are, unless one piece alone has more. */
export function readingLines(look: Look, state: State): string[] {
  const { reading } = state;
  if (!reading) return [];
  const place = `${Math.round((100 * reading.end) / reading.pieces.length)} %`;
  return [
    paint(look, 'bold', `${reading.lesson.title}: the lesson, ${place}`),
    '',
    ...pieceTexts(look, state),
    ...footer(look, reading),
  ];
}

/** What stands on the screen: also what is read out of it. */
export function pieceTexts(look: Look, { reading, catalogue, progress }: State): string[] {
  if (!reading) return [];
  const placeOf = (link: string, label: string) => whereToRead(catalogue, link, label);
  return reading.pieces
    .slice(reading.at, reading.end)
    .flatMap((piece) => [...pieceLines(look, piece, { reading, progress, placeOf }), '']);
}

interface Context {
  readonly reading: Reading;
  readonly progress: Progress;
  placeOf?(link: string, label: string): string | undefined;
}

function pieceLines(look: Look, piece: Piece, { reading, progress, placeOf }: Context): string[] {
  const said = (text: string) => proseLines(look, text, look.width);
  if (piece.kind === 'prose') return renderMarkdown(look, piece.text, placeOf ? { placeOf } : {});
  if (piece.kind === 'game')
    return said(
      `On the page you are the scheduler here: ${piece.goal} To play it, run npm start in another terminal and open ${pageOf(reading.lesson.id)}`,
    );
  if (piece.kind === 'experiment') {
    const caption = reading.experiments[piece.id]?.caption ?? 'An experiment.';
    return said(`To step through: ${caption} Press t.`);
  }
  if (piece.kind === 'recording') {
    const { caption = '', deeds = [] } = reading.recordings[piece.id] ?? {};
    return [...said(caption), '', ...drawDeeds(look, deeds, null)];
  }
  if (piece.kind === 'patch') {
    const patch = reading.patches[piece.name];
    return patch ? patchLines(look, patch) : [];
  }
  if (piece.kind === 'steps') return stepLines(look, reading.steps[piece.under] ?? []);
  const { prediction } = piece;
  const chosen = progressOf(progress, reading.lesson.id).predictions[prediction.id];
  const asked = [...said(prediction.question), '', ...optionLines(look, prediction)];
  if (chosen === undefined) return [...asked, '', ...said('Press its number; your first answer stays.')];
  return [...asked, '', ...outcomeLines(look, prediction, chosen, reading.answers[prediction.id])];
}

function footer(look: Look, { at, end, pieces, note }: Reading): string[] {
  const on = end < pieces.length ? ['Space on'] : [];
  const back = at > 0 ? ['b back', 'g top', 'G end'] : [];
  const said = note === undefined ? [] : wrap(note, look.width).map((line) => paint(look, 'yellow', line));
  return [...said, ...inOneLine(look, [...on, ...back, 'q to the exercise'])];
}

/** The reading from that piece on, as much of it as the rows hold; to be read out, as far as the next stop or section. */
export function readingAt(look: Look, reading: Reading, at: number, rows: number, progress: Progress): Reading {
  const from = Math.max(0, Math.min(at, reading.pieces.length - 1));
  let room = Math.max(LEAST, rows - FRAME);
  let end = from;
  for (const piece of reading.pieces.slice(from)) {
    const height = pieceLines(look, piece, { reading, progress }).length + 1;
    const isFull = look.spoken ? piece.kind === 'prose' && piece.text.startsWith('#') : height > room;
    if (end > from && isFull) break;
    room -= height;
    end += 1;
    if (isStop(piece)) break;
  }
  const { note: _, ...rest } = reading;
  return { ...rest, at: from, end };
}

/** The screenful before. */
export function readingBefore(look: Look, reading: Reading, rows: number, progress: Progress): Reading {
  let shown = readingAt(look, reading, 0, rows, progress);
  while (shown.end < reading.at) shown = readingAt(look, reading, shown.end, rows, progress);
  return shown;
}

// The keys of the usual pagers.
const ON: readonly string[] = [' ', 'right', 'down', 'return', 'pagedown', 'j', 'f'];
const BACK: readonly string[] = ['left', 'up', 'backspace', 'pageup', 'k', 'b'];

/** Where a key leads; undefined for one that leads out. */
export function turned(
  look: Look,
  reading: Reading,
  key: string,
  { rows, progress }: { rows: number; progress: Progress },
): Reading | undefined {
  const at = (place: number) => readingAt(look, reading, place, rows, progress);
  if (key === 'q' || key === 'escape') return undefined;
  if (ON.includes(key)) return isOver(reading) ? { ...reading, note: endNote(reading) } : at(reading.end);
  if (BACK.includes(key)) return readingBefore(look, reading, rows, progress);
  if (key === 'home' || key === 'g') return at(0);
  if (key === 'end' || key === 'shift-g')
    return readingBefore(look, { ...reading, at: reading.pieces.length }, rows, progress);
  if (key === '') return at(reading.at);
  return { ...reading, note: 'Space or Page Down reads on, b or Page Up goes back, q goes to the exercise.' };
}

const isOver = ({ end, pieces }: Reading) => end >= pieces.length;

const endNote = ({ isWhole }: Reading) =>
  isWhole
    ? 'This is the end of the lesson.'
    : 'So far the lesson goes. Its end, what you proved, comes when your exercise has passed: q goes there.';
