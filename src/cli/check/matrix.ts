/** Which answer comes out how in which check: what shows an author at a glance whether each check earns its place. */

import type { Check } from '#grade/verdict';
import { glyph, type Look, paint, type Style } from '../look.ts';
import { firstFailed } from '../report.ts';
import { answerProblem, type GradedAnswer } from './gradings.ts';

const SIGNS: Record<Check['status'], { sign: Parameters<typeof glyph>[1]; style: Style }> = {
  passed: { sign: 'passed', style: 'green' },
  failed: { sign: 'failed', style: 'yellow' },
  hung: { sign: 'failed', style: 'yellow' },
  undecided: { sign: 'undecided', style: 'red' },
  'not run': { sign: 'waiting', style: 'dim' },
};

/** The matrix of one exercise: a row for each answer, a column for each check, and what was named. */
export function matrixLines(look: Look, exercise: string, graded: readonly GradedAnswer[]): string[] {
  const checks = graded.map(checksOf).find((each) => each.length > 0) ?? [];
  const names = graded.map(nameOf);
  const width = Math.max(...names.map((name) => name.length), 0);
  return [
    paint(look, 'bold', exercise),
    ...checks.map(({ id, stage }, index) => `  ${index + 1}  ${paint(look, 'dim', `stage ${stage}`)}  ${id}`),
    `  ${' '.repeat(width)}  ${checks.map((_, index) => String(index + 1).padEnd(2)).join(' ')}`.trimEnd(),
    ...graded.map((each, index) => `  ${(names[index] ?? '').padEnd(width)}  ${rowOf(look, each)}`.trimEnd()),
  ];
}

function rowOf(look: Look, graded: GradedAnswer): string {
  const signs = checksOf(graded).map(({ status }) => {
    const { sign, style } = SIGNS[status];
    return paint(look, style, glyph(look, sign).padEnd(2));
  });
  const words = [commentOf(graded), answerProblem(graded) ? paint(look, 'red', '<-- see below') : ''].filter(Boolean);
  return [...signs, ...words].join(' ');
}

function commentOf({ answer, result }: GradedAnswer): string {
  if ('failure' in result) return 'the grader failed';
  if (result.verdict.outcome === 'broken') return 'does not compile';
  const named = firstFailed(result.verdict)?.misconception;
  return answer.role === 'wrong' || named !== undefined ? (named ?? '(no misconception)') : '';
}

function checksOf({ result }: GradedAnswer): readonly Check[] {
  return 'verdict' in result ? result.verdict.checks : [];
}

/** `wrong/early-unlock.ts`, `solution (fresh)`. */
function nameOf({ answer: { role, file, variant } }: GradedAnswer): string {
  const isMany = role === 'right' || role === 'wrong';
  const name = isMany ? file.split('/').slice(-2).join('/') : role;
  return variant === undefined ? name : `${name} (${variant})`;
}
