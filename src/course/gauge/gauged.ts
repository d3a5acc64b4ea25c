/** What a code is about: an exercise, its checks and the beliefs that they may name, each with a number that does not move. */

import { sha256 } from '@noble/hashes/sha2.js';
import { type Catalogue, type Exercise, findLesson, findMisconception } from '../catalogue.ts';

/** The part of an exercise that codes are made of and read with. Plain data. */
export interface Gauged {
  readonly id: string;
  readonly title: string;
  readonly checks: readonly GaugedCheck[];
  /** Sorted by id. */
  readonly misconceptions: readonly { readonly id: string; readonly belief: string }[];
}

export interface GaugedCheck {
  readonly id: string;
  readonly name: string;
  readonly stage: number;
}

/** The exercises of the course, in its order. */
export const gaugedIn = (catalogue: Catalogue): Gauged[] =>
  catalogue.exercises.map((exercise) => gauged(catalogue, exercise));

function gauged(catalogue: Catalogue, exercise: Exercise): Gauged {
  return {
    id: exercise.id,
    title: findLesson(catalogue, exercise.id)?.title ?? exercise.id,
    checks: checksIn(exercise.grader.text),
    misconceptions: beliefsOf(catalogue, exercise),
  };
}

const check = /^test\('([^']+)', \{ meta: \{ id: '([a-z0-9-]+)', stage: (\d+) \} \}/gm;

/** The checks that a grader declares, in order. */
export const checksIn = (grader: string): GaugedCheck[] =>
  [...grader.matchAll(check)].map(([, name = '', id = '', stage]) => ({ id, name, stage: Number(stage) }));

/** Those of its wrong answers, those of its own texts, and shared ones that its grader names. */
function beliefsOf(catalogue: Catalogue, exercise: Exercise): Gauged['misconceptions'] {
  const named = catalogue.misconceptions.filter(({ id }) => new RegExp(`['"]${id}['"]`).test(exercise.grader.text));
  const own = [...exercise.misconceptions, ...named].map(({ id }) => id);
  const ids = new Set([...exercise.wrong.map(({ misconception }) => misconception), ...own]);
  ids.delete('');
  return [...ids].sort().map((id) => ({ id, belief: findMisconception(catalogue, exercise, id)?.belief ?? id }));
}

/** Ten bits for an exercise: of its id, so that no other lesson's coming or going changes it. */
export const numberOfExercise = ({ id }: Pick<Gauged, 'id'>): number => tenBits(['exercise', id]);

/** Ten bits for all that a code's meaning hangs on. Another layout of codes is another word in front. */
export function versionOf({ checks, misconceptions }: Gauged): number {
  const checked = checks.map(({ id, stage }) => `${id} ${stage}`);
  return tenBits(['layout 1', ...checked, '', ...misconceptions.map(({ id }) => id)]);
}

function tenBits(words: readonly string[]): number {
  const [first = 0, second = 0] = sha256(new TextEncoder().encode(words.join('\n')));
  return ((first << 8) | second) >> 6;
}
