/** An exercise: where you are, what your file came to, what you asked to see. Each part is lines, or none. */

import { pathToFileURL } from 'node:url';
import { endingOf } from '#course/ending';
import { progressOf } from '#course/progress';
import type { Variant } from '#grade/variants';
import { glyph, type Look, linked, paint } from '../look.ts';
import { indent, renderMarkdown, widthOf, wrap } from '../prose.ts';
import { reportLines } from '../report.ts';
import { pageOf, whereToRead } from '../where-to-read.ts';
import { hanging } from './lines.ts';
import { statusText } from './list-screen.ts';
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
  const { catalogue, exercise, lesson, verdict, running } = state;
  if (!verdict) return running ? [] : ['Save your file, and it is graded.'];
  const context = {
    title: lesson?.title ?? exercise.id,
    file: `my/${exercise.id}.ts`,
    placeOf: (link: string, label: string) => whereToRead(catalogue, link, label),
  };
  const rule = look.spoken ? [] : [paint(look, 'dim', glyph(look, 'rule').repeat(look.width)), ''];
  // The title stands at the top of the screen already.
  return [...rule, ...reportLines(look, verdict, context).slice(2), ...worldOf(look, state)];
}

/** Which world it was, where it was not the usual one. */
function worldOf(look: Look, { graded }: State): string[] {
  if (!graded || graded.variant === 'usual') return [];
  return wrap(`This was in the ${graded.variant} world.`, look.width);
}

/** After a pass: the same idea in the real kernel, a harder variant, and what is next. */
export function passedLines(look: Look, { catalogue, exercise, lesson, verdict, graded }: State): string[] {
  if (verdict?.outcome !== 'passed') return [];
  const { consequence, harder } = endingOf(lesson?.body ?? '');
  const told = (heading: string, text: string | undefined) =>
    text === undefined ? [] : [...renderMarkdown(look, `${heading} ${text}`), ''];
  const next =
    catalogue.exercises.at(-1) === exercise
      ? 'That was the last one. s shows our solution beside yours, h the hints.'
      : 'n goes on to the next exercise, s shows our solution beside yours, h the hints.';
  return [
    ...told('In the real kernel:', consequence),
    ...told('Harder (v grades your answer there):', graded?.variant === 'harder' ? undefined : harder),
    ...wrap(next, look.width),
  ];
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
