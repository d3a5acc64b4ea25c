import { type Misconception, parseHints } from './hints.ts';
import type { CourseFiles, Problem, SourceFile } from './problem.ts';

/** A folder of `exercises/`. A file that is missing is among `problems`, and its text is empty. */
export interface Exercise {
  /** The id of its lesson too. */
  readonly id: string;
  readonly number: number;
  /** Relative to the course's root: `exercises/15-reproduce-the-bug`. */
  readonly folder: string;
  readonly starter: SourceFile;
  readonly grader: SourceFile;
  readonly solution: SourceFile;
  readonly variants: SourceFile;
  readonly right: readonly SourceFile[];
  readonly wrong: readonly WrongAnswer[];
  /** Markdown, from a nudge to nearly there. */
  readonly hints: readonly string[];
  /** Those whose text stands in this exercise's `hints.md`. */
  readonly misconceptions: readonly Misconception[];
  readonly problems: readonly Problem[];
}

/** An answer that a real person gives, and what that person believes. */
export interface WrongAnswer extends SourceFile {
  readonly misconception: string;
}

const FIRST_LINE = /^\/\/ misconception: ([a-z0-9-]+)\s*$/;

/** Reads the folder of one exercise out of the course's files. */
export function parseExercise(folder: string, name: { number: number; id: string }, files: CourseFiles): Exercise {
  const problems: Problem[] = [];
  const need = (file: string, what: string) => required(files, `${folder}/${file}`, what, problems);
  const hints = need('hints.md', 'three hints, and a text for each misconception of its own');
  const parsed = parseHints(hints.file, hints.text);
  const wrong = answersIn(files, `${folder}/wrong/`).map((answer) => wrongAnswer(answer, problems));
  return {
    ...name,
    folder,
    starter: need('exercise.ts', 'the starter, unsolved'),
    grader: need('exercise.test.ts', 'the grader'),
    solution: need('solution.ts', 'the solution'),
    variants: need('variants.ts', 'the worlds of the grader: usual, fresh and harder'),
    right: answersIn(files, `${folder}/right/`),
    wrong,
    hints: parsed.hints,
    misconceptions: parsed.misconceptions,
    problems: [...problems, ...parsed.problems],
  };
}

function required(files: CourseFiles, file: string, what: string, problems: Problem[]): SourceFile {
  const text = files[file];
  if (text === undefined) {
    const fileName = file.split('/').at(-1);
    problems.push({ file, rule: `an exercise has its ${fileName}`, advice: `It is not there: write ${what}.` });
  }
  return { file, text: text ?? '' };
}

function answersIn(files: CourseFiles, folder: string): SourceFile[] {
  return Object.keys(files)
    .filter((file) => file.startsWith(folder) && file.endsWith('.ts'))
    .sort()
    .map((file) => ({ file, text: files[file] ?? '' }));
}

function wrongAnswer(answer: SourceFile, problems: Problem[]): WrongAnswer {
  const misconception = FIRST_LINE.exec(answer.text.split(/\r?\n/, 1)[0] ?? '')?.[1];
  if (misconception === undefined) {
    problems.push({
      file: answer.file,
      line: 1,
      rule: 'a wrong answer names its misconception in its first line',
      advice: 'Begin it with "// misconception: <id>": the belief that leads a person to this answer.',
    });
  }
  return { ...answer, misconception: misconception ?? '' };
}
