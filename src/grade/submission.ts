/** Where the submission's exports wait until the grader's './exercise.ts' asks for them. */

export type Exports = Readonly<Record<string, unknown>>;

let provided: Exports | undefined;

export function provideSubmission(exports: Exports): void {
  provided = exports;
}

/** The exports of the submission to judge. Throws before it is loaded. */
export function submissionExports(): Exports {
  if (!provided) throw new Error('no submission has been loaded');
  return provided;
}
