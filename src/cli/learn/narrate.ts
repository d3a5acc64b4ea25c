/** The same session to be read out: only what is new, in sentences, each once, one after another. */

import { progressOf } from '#course/progress';
import type { Look } from '../look.ts';
import { wrap } from '../prose.ts';
import { solutionLines } from './difference.ts';
import { freshLines, headLines, hintLines, passedLines, verdictLines } from './exercise-screen.ts';
import { helpLines } from './keys.ts';
import { listLines, rowText } from './list-screen.ts';
import { found } from './listing.ts';
import { namesLines } from './names-screen.ts';
import { playSentences } from './play-screen.ts';
import { outcomeLines, recallLines } from './prediction-screen.ts';
import { askedIn } from './reading.ts';
import { pieceTexts } from './reading-screen.ts';
import { QUESTIONS } from './screen.ts';
import type { State } from './state.ts';

/** What a reader who has heard `before` must hear of `now`. */
export function narration(look: Look, before: State | undefined, now: State): string[] {
  const parts = [
    ...exerciseParts(look, before, now),
    ...modeParts(look, before, now),
    ...(now.told === before?.told || now.notice === undefined ? [] : [wrap(now.notice, look.width)]),
  ];
  return parts.filter((part) => part.length > 0).flatMap((part) => [...part.filter((line) => line.trim() !== ''), '']);
}

function exerciseParts(look: Look, before: State | undefined, now: State): string[][] {
  const isNew = before?.exercise !== now.exercise;
  const was = isNew ? undefined : before;
  const hears = <T>(of: (state: State) => T) => was === undefined || of(was) !== of(now);
  const hasVerdict = now.verdict !== undefined && hears(({ verdict }) => verdict);
  return [
    ...(isNew ? [headLines(look, now), wrap('Press ? to hear the keys.', look.width)] : []),
    ...(now.running && !was?.running ? [['Grading.']] : []),
    ...(isNew && now.mode === 'exercise' && !now.verdict ? [verdictLines(look, now)] : []),
    ...(hasVerdict ? [verdictLines(look, now)] : []),
    ...(now.recalls && hears(({ recalls }) => recalls) ? [recallLines(look, now)] : []),
    ...(hasVerdict ? [passedLines(look, now)] : []),
    ...newHints(look, was, now),
    ...(now.showsSolution && hears(({ showsSolution }) => showsSolution)
      ? [solutionLines(look, now.exercise, now.graded?.source), freshLines(look, now)]
      : []),
  ];
}

/** The one that was just opened; those that were put away, where they are asked for again. */
function newHints(look: Look, was: State | undefined, now: State): string[][] {
  if (now.hints > (was?.hints ?? 0)) return [hintLines(look, now, now.hints)];
  const isAsked = now.showsHints && was !== undefined && !was.showsHints;
  return isAsked ? Array.from({ length: now.hints }, (_, index) => hintLines(look, now, index + 1)) : [];
}

function modeParts(look: Look, before: State | undefined, now: State): string[][] {
  const isNew = before?.mode !== now.mode || before.exercise !== now.exercise;
  const question = isNew ? wrap(QUESTIONS[now.mode] ?? '', look.width) : [];
  switch (now.mode) {
    case 'predict':
      return [question];
    case 'help':
      return isNew ? [helpLines(look), question] : [];
    case 'names':
      return isNew ? [namesLines(look, now.catalogue.terms, now.player?.trace), question] : [];
    case 'list':
      return isNew || before?.list.search !== now.list.search ? [listLines(look, now), question] : [here(look, now)];
    case 'play':
      return now.player && now.player !== before?.player ? [playSentences(look, now.player)] : [];
    case 'read':
      return isNew || now.reading !== before?.reading ? [heardOfLesson(look, before, now), question] : [];
    case 'exercise':
      return isNew && before?.exercise === now.exercise ? [[`Back at ${now.lesson?.title ?? now.exercise.id}.`]] : [];
    default:
      return [question];
  }
}

/** The piece that one has come to; of a question that was just answered, the answer alone. */
function heardOfLesson(look: Look, before: State | undefined, now: State): string[] {
  const prediction = now.reading && askedIn(now.reading);
  const chosen = prediction && progressOf(now.progress, now.exercise.id).predictions[prediction.id];
  const wasAsked = before?.mode === 'read' && before.reading?.at === now.reading?.at;
  if (!wasAsked || !prediction || chosen === undefined) return pieceTexts(look, now);
  return outcomeLines(look, prediction, chosen, now.reading?.answers[prediction.id]);
}

/** The exercise that Enter would open. */
function here(look: Look, state: State): string[] {
  const exercise = found(state.catalogue, state.progress, state.list.search)[state.list.cursor];
  return exercise ? [rowText(look, state, exercise, true)] : [];
}
