/** What must be true of a whole course beyond each file's own form. Pure; what needs a grader or a compiler is elsewhere. */

import { type Catalogue, type Exercise, findExercise, findLesson, type Lesson } from './catalogue.ts';
import type { Misconception } from './hints.ts';
import { withoutCode } from './links.ts';
import type { Problem } from './problem.ts';

const HINTS = 3;
const WRONG_ANSWERS = 5;
const MISCONCEPTIONS = 3;
const RIGHT_ANSWERS = 2;

/** Every rule about lessons and exercises that can be judged by reading. */
export function ruleProblems(catalogue: Catalogue): Problem[] {
  return [
    ...catalogue.lessons.flatMap((lesson) => lessonProblems(catalogue, lesson)),
    ...workbenchProblems(catalogue),
    ...catalogue.exercises.flatMap((exercise) => exerciseProblems(catalogue, exercise)),
    ...textsOf(catalogue).flatMap(emptyText),
    ...tables(catalogue),
    ...copiedTexts(catalogue),
  ];
}

/** Does the exercise ask for code, and not only for data such as a world or a schedule? Its solution says so. */
export function asksForCode(exercise: Exercise): boolean {
  return /\bfunction\s*\*/.test(exercise.solution.text);
}

function lessonProblems(catalogue: Catalogue, lesson: Lesson): Problem[] {
  const { file, id, number } = lesson;
  const problems: Problem[] = [];
  const exercise = findExercise(catalogue, id);
  const name = numberedName(lesson);
  if (!exercise) {
    const advice = `There is no exercises/${name}/: add the folder, or name the one that it belongs to "${name}".`;
    problems.push({ file, rule: 'a lesson has its exercise', advice });
  } else if (exercise.number !== number) {
    const advice = `${exercise.folder} has the number ${exercise.number}: name it exercises/${name}.`;
    problems.push({ file, rule: 'a lesson and its exercise have the same number', advice });
  }
  if (lesson.objectives.length === 0) {
    problems.push({
      file,
      rule: 'a lesson has objectives',
      advice: 'Say in `objectives` what its reader can do at its end.',
    });
  }
  const earlier = catalogue.lessons.filter((other) => other.number < number);
  const partBefore = earlier.at(-1)?.part ?? 1;
  if (lesson.part < partBefore) {
    const advice = `The lesson before is of part ${partBefore}, this one of part ${lesson.part}: renumber one of them.`;
    problems.push({ file, rule: 'the parts of the course follow each other', advice });
  }
  return [...problems, ...lesson.prerequisites.flatMap((needed) => prerequisiteProblems(catalogue, lesson, needed))];
}

/** A lesson whose exercise has no place in its page, or two. What builds the site asks too: such a page would lack its editor. */
export function workbenchProblems(catalogue: Catalogue): Problem[] {
  const rule = 'a lesson has its workbench in one place';
  return catalogue.lessons.flatMap(({ file, id, body }) => {
    const count = withoutCode(body).match(/<Workbench\b/g)?.length ?? 0;
    if (count === 1 || !findExercise(catalogue, id)) return [];
    const advice =
      count === 0
        ? `Write <Workbench id="${id}" /> where its reader is to begin, before "What you proved".`
        : `There are ${count} <Workbench>: keep one.`;
    return [{ file, rule, advice }];
  });
}

function prerequisiteProblems(catalogue: Catalogue, lesson: Lesson, needed: string): Problem[] {
  const before = findLesson(catalogue, needed);
  const rule = 'a prerequisite is a lesson that comes earlier';
  if (!before)
    return [{ file: lesson.file, rule, advice: `There is no lesson "${needed}": correct \`prerequisites\`.` }];
  if (before.number < lesson.number) return [];
  return [
    { file: lesson.file, rule, advice: `"${needed}" has the number ${before.number}: renumber, or take it out.` },
  ];
}

function exerciseProblems(catalogue: Catalogue, exercise: Exercise): Problem[] {
  const lesson = findLesson(catalogue, exercise.id);
  const name = numberedName(exercise);
  const lacks = { rule: 'an exercise has its lesson', advice: `Write content/lessons/${name}.mdx.` };
  return [
    ...(lesson ? [] : [{ file: exercise.folder, ...lacks }]),
    ...hintProblems(exercise),
    ...answerProblems(exercise),
    ...variantProblems(exercise),
    ...misconceptionProblems(catalogue, exercise),
  ];
}

function hintProblems({ folder, hints }: Exercise): Problem[] {
  const file = `${folder}/hints.md`;
  const rule = `an exercise has ${HINTS} hints, from a nudge to nearly there`;
  const empty = hints.flatMap((hint, index) =>
    hint === '' ? [{ file, rule, advice: `Hint ${index + 1} is empty: write it.` }] : [],
  );
  if (hints.length === HINTS) return empty;
  const advice = `It has ${hints.length}: there must be "## Hint 1" to "## Hint ${HINTS}".`;
  return [...empty, { file, rule, advice }];
}

function answerProblems(exercise: Exercise): Problem[] {
  const { folder, wrong, right } = exercise;
  const problems: Problem[] = [];
  if (wrong.length < WRONG_ANSWERS) {
    const advice = `There are ${wrong.length}: add mistakes that real people make.`;
    problems.push({
      file: `${folder}/wrong/`,
      rule: `an exercise has at least ${WRONG_ANSWERS} wrong answers`,
      advice,
    });
  }
  const beliefs = new Set(wrong.map((answer) => answer.misconception));
  if (beliefs.size < MISCONCEPTIONS) {
    const rule = `wrong answers come from at least ${MISCONCEPTIONS} misconceptions`;
    problems.push({
      file: `${folder}/wrong/`,
      rule,
      advice: `They come from ${beliefs.size}: find another way to go wrong.`,
    });
  }
  if (asksForCode(exercise) && right.length < RIGHT_ANSWERS) {
    const rule = `an exercise that asks for code has at least ${RIGHT_ANSWERS} right answers beside its solution`;
    const advice = `There are ${right.length}: add one of another kind, so that the grader does not ask for one way only.`;
    problems.push({ file: `${folder}/right/`, rule, advice });
  }
  return problems;
}

function variantProblems({ grader, variants }: Exercise): Problem[] {
  if (grader.text === '' || variants.text === '') return [];
  if (/from '\.\/variants\.ts'/.test(grader.text) && /\bchosen\(/.test(grader.text)) return [];
  return [
    {
      file: grader.file,
      rule: 'a grader takes its worlds from variants.ts',
      advice:
        "Take what it boots from chosen(variants), of './variants.ts' and '#grade/matchers', so that it can be tried on other worlds.",
    },
  ];
}

/** Every misconception of a wrong answer has a text, and every text of the exercise's own is of use. */
function misconceptionProblems(catalogue: Catalogue, exercise: Exercise): Problem[] {
  const own = new Map(exercise.misconceptions.map((misconception) => [misconception.id, misconception]));
  const shared = new Map(catalogue.misconceptions.map((misconception) => [misconception.id, misconception]));
  const hints = `${exercise.folder}/hints.md`;
  const used = new Map(exercise.wrong.map(({ misconception, file }) => [misconception, file]));
  used.delete('');
  const missing = [...used].flatMap(([id, file]) => {
    if (own.has(id) || shared.has(id)) return [];
    const advice = `Write "## ${id}" in ${hints}, or content/misconceptions/${id}.md if exercises share it.`;
    return [{ file, line: 1, rule: 'a misconception has a text', advice: `"${id}" has none. ${advice}` }];
  });
  const idle = [...own.values()].flatMap(({ id, line }) => {
    if (used.has(id) || exercise.grader.text.includes(id)) return [];
    const advice = `Nothing names "${id}": add a wrong answer of it, or take the text out.`;
    return [{ file: hints, line, rule: "a text in hints.md belongs to one of the exercise's misconceptions", advice }];
  });
  return [...missing, ...idle];
}

function textsOf(catalogue: Catalogue): Misconception[] {
  return [...catalogue.misconceptions, ...catalogue.exercises.flatMap((exercise) => exercise.misconceptions)];
}

function emptyText({ id, belief, text, file, line }: Misconception): Problem[] {
  if (belief !== '' && text !== '') return [];
  const advice = `"${id}" lacks ${belief === '' ? 'the belief, in one sentence' : 'what follows the belief'}: write it.`;
  return [{ file, line, rule: 'the text of a misconception says the belief, then what happened and why', advice }];
}

/** A terminal has no room for the columns of a table. */
function tables(catalogue: Catalogue): Problem[] {
  const rule = 'a hint and the text of a misconception have no tables';
  const advice = 'Write a list: a terminal has no room for columns.';
  const hints = catalogue.exercises.flatMap(({ folder, hints }) =>
    hints.filter(hasTable).map(() => ({ file: `${folder}/hints.md`, rule, advice })),
  );
  const texts = textsOf(catalogue).filter(({ text }) => hasTable(text));
  return [...hints, ...texts.map(({ file, line }) => ({ file, line, rule, advice }))];
}

const hasTable = (markdown: string) => /^ {0,3}\|.*\n {0,3}\|[\s:|-]+$/m.test(markdown);

/** Texts that two exercises have in common stand once, in content/misconceptions/. */
function copiedTexts(catalogue: Catalogue): Problem[] {
  const seen = new Map<string, Misconception>();
  return textsOf(catalogue).flatMap((misconception) => {
    const twin = passagesOf(misconception)
      .map((passage) => seen.get(passage))
      .find((other) => other !== undefined && other.file !== misconception.file);
    for (const passage of passagesOf(misconception)) seen.set(passage, seen.get(passage) ?? misconception);
    return twin ? [copied(misconception, twin)] : [];
  });
}

const WORDS_OF_A_COPY = 12;

/** What would be a copy if it stood elsewhere: the id, and each paragraph that is no mere phrase. Where links lead does not count. */
function passagesOf({ id, belief, text }: Misconception): string[] {
  const paragraphs = [belief, ...text.split(/\n[ \t]*\n/)].map(wordsOf);
  return [`id ${id}`, ...paragraphs.filter((words) => words.length >= WORDS_OF_A_COPY).map((words) => words.join(' '))];
}

function wordsOf(paragraph: string): string[] {
  return (
    paragraph
      .replaceAll(/\]\([^)]*\)/g, ']')
      .toLowerCase()
      .match(/[\p{L}\p{N}_]+/gu) ?? []
  );
}

function copied(misconception: Misconception, twin: Misconception): Problem {
  const { id, file, line } = misconception;
  const same = id === twin.id ? `"${id}" stands` : `A passage of "${id}" stands`;
  return {
    file,
    line,
    rule: 'a text of a misconception stands in one place',
    advice: `${same} in ${twin.file}:${twin.line} too: keep one text, in content/misconceptions/<id>.md, and delete the other.`,
  };
}

function numberedName({ id, number }: { id: string; number: number }): string {
  return `${String(number).padStart(2, '0')}-${id}`;
}
