/** “I think my answer is right”: all that somebody else needs to see for themselves, from the terminal or a page. */

import { canonicalJson, normalise, type Verdict } from './verdict.ts';

export interface Appeal {
  readonly source: string;
  readonly verdict: Verdict;
  /** In which worlds it was graded. */
  readonly variant: string;
  /** What it was graded on: versions of the host, as `Node v22.18.0, linux x64`. */
  readonly host: string;
}

/** A report in Markdown, ready to send: code, schedule, verdict, versions. */
export function appealText({ source, verdict, variant, host }: Appeal): string {
  const { exercise, course, outcome, checks } = verdict;
  const schedule = checks.find((check) => check.status !== 'passed' && check.schedule !== undefined)?.schedule;
  const replay = schedule === undefined ? [] : ['', `    npm run replay -- ${exercise} '${schedule}'`];
  return [
    `# I think my answer is right: ${exercise}`,
    '',
    'Why I think so: ',
    '',
    `- Course: ${course}; ${host}`,
    `- Graded in: the ${variant} worlds`,
    `- Verdict: ${outcome}`,
    ...checks.map(({ id, status, message }) => `- Check ${id}: ${status}${message ? `: ${message.text}` : ''}`),
    ...replay,
    '',
    '## The answer',
    '',
    ...fenced('ts', normalise(source)),
    '',
    '## The verdict',
    '',
    ...fenced('json', canonicalJson(withoutTraces(verdict))),
    '',
  ].join('\n');
}

/** A schedule and the code are a trace already, and far shorter. */
const withoutTraces = (verdict: Verdict) => ({
  ...verdict,
  checks: verdict.checks.map(({ trace: _, because: __, ...check }) => check),
});

/** A fence longer than any in the text. */
function fenced(language: string, text: string): string[] {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [fence + language, text.trimEnd(), fence];
}
