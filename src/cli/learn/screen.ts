/** What a learner sees. Pure: a state becomes lines. */

import { findLesson } from '#course/catalogue';
import { type ExerciseProgress, passedEarlier, progressOf } from '#course/progress';
import { version } from '#grade/version';
import { glyph, type Look, paint } from '../look.ts';
import { indent, renderMarkdown, widthOf, wrap } from '../prose.ts';
import { reportLines } from '../report.ts';
import { pageOf, whereToRead } from '../where-to-read.ts';
import type { Mode, State } from './session.ts';

/** All lines of the screen. What matters next stands last, where a long screen ends. */
export function screenLines(look: Look, state: State): string[] {
  const parts =
    state.mode === 'list'
      ? [listLines(look, state)]
      : state.mode === 'help'
        ? [helpLines(look)]
        : exerciseParts(look, state);
  const shown = parts.filter((part) => part.length > 0);
  return [...shown.flatMap((part) => [...part, '']), ...footLines(look, state)];
}

function exerciseParts(look: Look, state: State): string[][] {
  return [headLines(look, state), verdictLines(look, state), hintLines(look, state), solutionLines(look, state)];
}

/** Where you are, what you will be able to do, where to read and where to write. */
function headLines(look: Look, { catalogue, exercise, lesson, progress }: State): string[] {
  const place = `${catalogue.exercises.indexOf(exercise) + 1} of ${catalogue.exercises.length}`;
  const title = paint(look, 'bold', lesson?.title ?? exercise.id);
  const status = statusText(look, progressOf(progress, exercise.id));
  const right = [status, place].filter(Boolean).join('   ');
  const gap = ' '.repeat(Math.max(2, look.width - widthOf(title) - widthOf(right)));
  const minutes = lesson
    ? `${lesson.minutes[0]} to ${lesson.minutes[1]} minutes${lesson.tried ? '' : ', estimated'}`
    : '';
  return [
    `${title}${gap}${right}`,
    '',
    ...(lesson?.objectives ?? []).flatMap((goal) => hanging(`  ${glyph(look, 'bullet')} `, wrap(goal, look.width - 4))),
    '',
    ...(lesson ? hanging('Read   ', wrap(`npm start, then ${pageOf(lesson.id)}`, look.width - 7)) : []),
    withAside(look, `Edit   my/${exercise.id}.ts`, minutes && `(${minutes})`),
  ].map((line) => line.trimEnd());
}

/** A line, and beside it what may be left out where there is no room. */
function withAside(look: Look, line: string, aside: string): string {
  return widthOf(line) + 2 + aside.length > look.width ? line : `${line}  ${paint(look, 'dim', aside)}`;
}

function hanging(first: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => (index === 0 ? first : ' '.repeat(widthOf(first))) + line);
}

function statusText(look: Look, entry: ExerciseProgress): string {
  if (passedEarlier(entry, version)) return paint(look, 'yellow', 'passed with an earlier version: grade again');
  if (entry.status === 'passed') return paint(look, 'green', `${glyph(look, 'passed')} passed`);
  if (entry.status === 'given-up') return paint(look, 'dim', 'given up');
  return entry.stage > 0 ? `stage ${entry.stage} passed` : '';
}

function verdictLines(look: Look, { catalogue, exercise, lesson, verdict, running }: State): string[] {
  const rule = paint(look, 'dim', glyph(look, 'rule').repeat(look.width));
  if (!verdict) return running ? [] : ['Save your file, and it is graded.'];
  const context = {
    title: lesson?.title ?? exercise.id,
    file: `my/${exercise.id}.ts`,
    placeOf: (link: string, label: string) => whereToRead(catalogue, link, label),
  };
  const isLast = catalogue.exercises.at(-1) === exercise;
  const next = isLast
    ? 'That was the last one. s shows our solution, h the hints.'
    : 'n goes on to the next exercise, s shows our solution, h the hints.';
  // The title stands at the top of the screen already.
  return [rule, '', ...reportLines(look, verdict, context).slice(2), ...(verdict.outcome === 'passed' ? [next] : [])];
}

function hintLines(look: Look, { exercise, hints }: State): string[] {
  return exercise.hints.slice(0, hints).flatMap((hint, index) => {
    const heading = paint(look, 'bold', `Hint ${index + 1} of ${exercise.hints.length}`);
    return [...(index === 0 ? [] : ['']), heading, ...indent(renderMarkdown(look, hint, { width: look.width - 2 }), 2)];
  });
}

function solutionLines(look: Look, { exercise, showsSolution }: State): string[] {
  if (!showsSolution) return [];
  const { file, text } = exercise.solution;
  return [paint(look, 'bold', `The solution: ${file}`), '', ...indent(text.trimEnd().split('\n'), 2)];
}

/** Every exercise with its part and how far it is. */
function listLines(look: Look, { catalogue, cursor, progress }: State): string[] {
  let part: number | undefined;
  return catalogue.exercises.flatMap((exercise, index) => {
    const lesson = findLesson(catalogue, exercise.id);
    const heading =
      lesson && lesson.part !== part ? [...(index === 0 ? [] : ['']), paint(look, 'dim', `Part ${lesson.part}`)] : [];
    part = lesson?.part ?? part;
    const isHere = index === cursor;
    const entry = progress.exercises[exercise.id];
    const line = `${isHere ? '>' : ' '} ${String(index + 1).padStart(2)}  ${(lesson?.title ?? exercise.id).padEnd(32)}`;
    return [
      ...heading,
      `${isHere ? paint(look, 'bold', line) : line}  ${entry ? statusText(look, entry) : ''}`.trimEnd(),
    ];
  });
}

const KEYS: readonly (readonly [key: string, does: string, explained: string])[] = [
  ['n', 'next', 'the next exercise'],
  ['p', 'back', 'the exercise before'],
  ['l', 'list', 'all exercises, and how far you are'],
  ['h', 'hint', 'one more hint; there are three, from a nudge to nearly there'],
  ['s', 'solution', 'the solution, when you have passed or given up'],
  ['g', 'give up', 'gives up (asks first) and shows the solution; you can still pass later'],
  ['r', 'reset', 'starts over from the starter (asks first); your file is kept as a dated copy'],
  ['?', 'help', 'this page'],
  ['q', 'quit', 'ends; all is kept'],
];

function helpLines(look: Look): string[] {
  return [
    paint(look, 'bold', 'Faultline in the terminal'),
    '',
    ...wrap(
      'Open the file named on the screen in your editor. Each time you save it, it is graded under every interleaving.',
      look.width,
    ),
    '',
    ...KEYS.flatMap(([key, , explained]) => keyHelp(look, key, explained)),
    ...keyHelp(look, 'Enter', 'grades again'),
    '',
    ...wrap('Your files are in my/: one for each exercise, and progress.json. Nothing else is written.', look.width),
  ];
}

function keyHelp(look: Look, key: string, explained: string): string[] {
  return hanging(`  ${paint(look, 'bold', key.padEnd('Enter'.length))}  `, wrap(explained, look.width - 9));
}

const QUESTIONS: Partial<Record<Mode, string>> = {
  'give up?': 'Give up on this exercise and see its solution? Press y for yes, any other key for no.',
  'reset?': 'Start over from the starter? Your file is kept as a dated copy. Press y for yes, any other key for no.',
  list: 'Up and down to move, Enter to open, any other key to go back.',
  help: 'Any key to go back.',
};

/** What goes on, what the last key came to, and what may be pressed. */
function footLines(look: Look, { mode, running, notice }: State): string[] {
  const question = QUESTIONS[mode];
  return [
    ...(running ? [paint(look, 'cyan', runningText(look, running))] : []),
    ...(notice === undefined ? [] : wrap(notice, look.width).map((line) => paint(look, 'yellow', line))),
    ...(question === undefined ? keyLines(look) : wrap(question, look.width).map((line) => paint(look, 'bold', line))),
  ];
}

/** The keys, never with a key on one line and its meaning on the next. */
function keyLines(look: Look): string[] {
  const glued = KEYS.map(([key, does]) => `${key} ${does}`.replaceAll(' ', NO_BREAK));
  return wrap(glued.join(' ').replaceAll(' ', `${NO_BREAK} `), look.width).map((line) =>
    paint(look, 'dim', line.replaceAll(NO_BREAK, ' ')),
  );
}

const NO_BREAK = '\u00a0';

function runningText(look: Look, { checking, states }: NonNullable<State['running']>): string {
  const what = checking ? `: ${checking.name}` : '';
  const count = states > 0 ? `, ${String(states).replaceAll(/\B(?=(\d{3})+$)/g, ',')} states` : '';
  const [line = ''] = wrap(`Grading${what}${count}`, look.width);
  return line;
}
