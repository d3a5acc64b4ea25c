/** An exercise: where you are, what your file came to, what you asked to see. Each part is lines, or none. */

import { pathToFileURL } from 'node:url';
import { endingOf } from '#course/ending';
import { progressOf } from '#course/progress';
import type { Variant } from '#grade/variants';
import { glyph, type Look, linked, paint } from '../look.ts';
import { indent, renderMarkdown, widthOf, wrap } from '../prose.ts';
import { type ReportContext, reportLines, reportParts } from '../report.ts';
import { pageOf, whereToRead } from '../where-to-read.ts';
import { hanging } from './lines.ts';
import { statusText } from './list-screen.ts';
import { shownCheck } from './player.ts';
import { recallLines } from './prediction-screen.ts';
import type { State } from './state.ts';

/** Where you are, what you will be able to do, where to read and where to write. */
export function headLines(look: Look, state: State): string[] {
  const { exercise, lesson, path, variant } = state;
  const minutes = lesson
    ? `${lesson.minutes[0]} to ${lesson.minutes[1]} minutes${lesson.tried ? '' : ', estimated'}`
    : '';
  const file = linked(look, pathToFileURL(path).href, `my/${exercise.id}.ts`);
  const goals = (lesson?.objectives ?? []).flatMap((goal) =>
    hanging(look.spoken ? '' : `  ${glyph(look, 'bullet')} `, wrap(goal, look.width - 4)),
  );
  return [
    ...titleLines(look, state),
    '',
    ...goals,
    '',
    ...(lesson ? hanging('Read   ', wrap(`m here; or npm start, then ${pageOf(lesson.id)}`, look.width - 7)) : []),
    withAside(look, `Edit   ${file}`, minutes && `(${minutes})`),
    ...worldLines(look, variant),
  ].map((line) => line.trimEnd());
}

function titleLines(look: Look, { catalogue, exercise, lesson, progress }: State): string[] {
  const place = `${catalogue.exercises.indexOf(exercise) + 1} of ${catalogue.exercises.length}`;
  const title = paint(look, 'bold', lesson?.title ?? exercise.id);
  const status = statusText(look, progressOf(progress, exercise.id));
  const right = [status, lesson ? `part ${lesson.part}` : '', place].filter(Boolean).join(look.spoken ? ', ' : '   ');
  if (look.spoken) return [`${title}, ${right}.`];
  const room = look.width - widthOf(title) - widthOf(right);
  return room < 2 ? [title, right] : [`${title}${' '.repeat(room)}${right}`];
}

const WORLDS: Readonly<Record<Variant, string | undefined>> = {
  usual: undefined,
  fresh: 'Graded in a fresh world: other names, pages and numbers than in the lesson.',
  harder: 'Graded in a harder world, beyond what is asked. v goes back to the usual one.',
};

function worldLines(look: Look, variant: Variant): string[] {
  const text = WORLDS[variant];
  return text === undefined ? [] : wrap(text, look.width).map((line) => paint(look, 'yellow', line));
}

/** A line, and beside it what may be left out where there is no room. */
function withAside(look: Look, line: string, aside: string): string {
  return widthOf(line) + 2 + aside.length > look.width ? line : `${line}  ${paint(look, 'dim', aside)}`;
}

/** What the file came to. */
export function verdictLines(look: Look, state: State): string[] {
  const { verdict, running } = state;
  if (!verdict) return running ? [] : ['Save your file, and it is graded.'];
  // The title stands at the top of the screen already.
  return [...ruleLines(look), ...reportLines(look, verdict, contextOf(state)).slice(2), ...worldOf(look, state)];
}

const ruleLines = (look: Look) => (look.spoken ? [] : [paint(look, 'dim', glyph(look, 'rule').repeat(look.width)), '']);

function contextOf({ catalogue, exercise, lesson, graded }: State): ReportContext {
  return {
    title: lesson?.title ?? exercise.id,
    file: `my/${exercise.id}.ts`,
    isElsewhere: graded !== undefined && graded.variant !== 'usual',
    placeOf: (link: string, label: string) => whereToRead(catalogue, link, label),
  };
}

/**
 * The same where the screen is too short for it, with whatever else a verdict brings: in parts, of which the last are seen. The
 * interleaving comes first, for keys step through it; then what led to the mistake; then which check failed, why, and the outcome.
 */
export function shortVerdictParts(look: Look, state: State, room: number): string[][] {
  const { verdict } = state;
  if (!verdict) return [];
  const parts = reportParts(look, verdict, contextOf(state));
  const { reason, evidence, belief, outcome } = parts;
  const steps = shownCheck(verdict)?.trace.steps.length;
  const how = steps === undefined ? [] : wrap(`t steps through the interleaving, ${steps} steps.`, look.width);
  const last = [outcome, ...worldOf(look, state), ...how, ...foldedHintLines(look, state)];
  const before = [
    evidence.length > 0 ? [...ruleLines(look), ...evidence] : ruleLines(look).slice(0, 1),
    recallLines(look, state),
    kernelLines(look, state),
  ];
  const isRoomy = verdict.outcome !== 'failed' || heightOf([parts.checks, reason, belief, last]) <= room;
  const checks = isRoomy ? parts.checks : parts.checksInShort;
  const isWhole = heightOf([checks, reason, belief, last]) <= room;
  // Its first paragraph is the belief.
  const opening = belief.slice(0, belief.includes('') ? belief.indexOf('') : belief.length);
  const told = isWhole
    ? [checks, reason, belief]
    : [belief.slice(opening.length + 1), checks, [...reason, '', ...opening]];
  return [...before, ...told.map((part) => [...part]), [...last, ...nextLines(look, state)]];
}

const heightOf = (parts: readonly (readonly string[])[]) =>
  parts.reduce((sum, part) => sum + (part.length === 0 ? 0 : part.length + 1), 0);

/** Which world it was, where it was not the usual one. */
function worldOf(look: Look, { graded }: State): string[] {
  if (!graded || graded.variant === 'usual') return [];
  return wrap(`This was in the ${graded.variant} world.`, look.width);
}

/** After a pass: the same idea in the real kernel, a harder variant, and what is next. */
export function passedLines(look: Look, state: State): string[] {
  return [...kernelLines(look, state), ...nextLines(look, state)];
}

function kernelLines(look: Look, { lesson, verdict, graded }: State): string[] {
  if (verdict?.outcome !== 'passed') return [];
  const { consequence, harder } = endingOf(lesson?.body ?? '');
  const told = (heading: string, text: string | undefined) =>
    text === undefined ? [] : [...renderMarkdown(look, `${heading} ${text}`), ''];
  return [
    ...told('In the real kernel:', consequence),
    ...told('Harder:', graded?.variant === 'harder' ? undefined : harder),
  ];
}

function nextLines(look: Look, { catalogue, exercise, verdict }: State): string[] {
  if (verdict?.outcome !== 'passed') return [];
  const next =
    catalogue.exercises.at(-1) === exercise
      ? 'That was the last one. m shows what you proved, s our solution beside yours.'
      : 'n goes on to the next exercise, m shows what you proved, s our solution beside yours.';
  return wrap(next, look.width);
}

/** Of hints that are open and put away, how one sees them again. */
export function foldedHintLines(look: Look, { hints, showsHints }: State): string[] {
  if (hints === 0 || showsHints) return [];
  return wrap(`h shows the ${hints === 1 ? 'hint' : `${hints} hints`} again.`, look.width);
}

/** The hint of that number, from 1. */
export function hintLines(look: Look, { exercise }: Pick<State, 'exercise'>, number: number): string[] {
  const heading = paint(look, 'bold', `Hint ${number} of ${exercise.hints.length}`);
  const text = renderMarkdown(look, exercise.hints[number - 1] ?? '', { width: look.width - 2 });
  return [heading, ...indent(text, look.spoken ? 0 : 2)];
}

/** What to do with a solution one has given up for. */
export function freshLines(look: Look, { variant, progress, exercise }: State): string[] {
  if (variant !== 'fresh' || progressOf(progress, exercise.id).status === 'passed') return [];
  return wrap(
    'Read it, close it, and write your own: the next save is graded in a fresh world, the same idea with other names, pages and numbers. Passing there counts.',
    look.width,
  );
}
