import { say } from '#grade/texts';
import { schema, sha256Of, type Verdict } from '#grade/verdict';
import { version } from '#grade/version';

/** The verdict on nothing: the request could not be used, so no submission was read. Its one error stands on line 0. */
export function unusable(exercise: string, message: string): Verdict {
  return {
    schema,
    course: version,
    exercise,
    submission: sha256Of(''),
    outcome: 'broken',
    errors: [{ line: 0, message: say('refused', { says: message }) }],
    checks: [],
  };
}
