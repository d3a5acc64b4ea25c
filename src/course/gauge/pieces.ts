/** Codes out of whatever was pasted: a list, a chat, a line with names in it. */

import { type Reading, readCode, reportIn } from './code.ts';
import type { Gauged } from './gauged.ts';

/** A text that was taken for one code, and what it turned out to be. */
export interface Piece {
  readonly text: string;
  readonly reading: Reading;
}

/** Words of one code, if somebody put spaces between its groups and around the dashes. */
const mostWords = 9;

/** All that a text holds, in order. Words without a digit are taken for names and passed over, unless there is nothing else. */
export function piecesIn(text: string, course: readonly Gauged[]): Piece[] {
  const pieces = text.split(/[^\p{L}\p{N}\p{Dash} \t]+|\n/u).flatMap((line) => piecesOfLine(wordsOf(line), course));
  const isMeant = ({ text, reading }: Piece) => reading.is === 'report' || /\d/.test(text);
  return pieces.some(isMeant) ? pieces.filter(isMeant) : pieces;
}

const wordsOf = (line: string): string[] => line.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));

function piecesOfLine(words: readonly string[], course: readonly Gauged[]): Piece[] {
  for (const [at] of words.entries()) {
    for (let end = at + 1; end <= Math.min(words.length, at + mostWords); end++) {
      const text = words.slice(at, end).join(' ');
      if (!reportIn(text, course)) continue;
      const piece = { text, reading: readCode(text, course) };
      return [...unread(words.slice(0, at), course), piece, ...piecesOfLine(words.slice(end), course)];
    }
  }
  return unread(words, course);
}

/** A word as long as a code stands for itself; shorter ones may be the groups of one. */
function unread(words: readonly string[], course: readonly Gauged[]): Piece[] {
  const texts = words.some(isWhole) ? words : [words.join(' ')];
  return texts.filter((text) => text !== '').map((text) => ({ text, reading: readCode(text, course) }));
}

const isWhole = (word: string): boolean => /^[\w\p{Dash}]{9,}$/u.test(word) && /\d/.test(word);
