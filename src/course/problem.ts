/** Something an author must mend. Names the file, the rule that it breaks, and what to do. */
export interface Problem {
  /** Relative to the course's root, with `/`. */
  readonly file: string;
  readonly line?: number;
  /** The rule, as a sentence that is true of a good course. */
  readonly rule: string;
  /** What was found, and what to do about it. */
  readonly advice: string;
}

/** One of the course's text files. */
export interface SourceFile {
  readonly file: string;
  readonly text: string;
}

/** The course's text files: path relative to its root, with `/` → text. */
export type CourseFiles = Readonly<Record<string, string>>;

/** `file:line: rule` and, below it, what to do: the form every error of the course check has. */
export function formatProblem(problem: Problem): string {
  const place = problem.line === undefined ? problem.file : `${problem.file}:${problem.line}`;
  return `${place}: ${problem.rule}\n    ${problem.advice.replaceAll('\n', '\n    ')}`;
}
