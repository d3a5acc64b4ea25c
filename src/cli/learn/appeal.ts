/** “I think my answer is right”: all that somebody else needs to see for themselves. */

import { arch, platform, release } from 'node:os';
import type { Exercise } from '#course/catalogue';
import { canonicalJson, normalise, type Verdict } from '#grade/verdict';
import { shownCheck } from './player.ts';

export interface Appeal {
  readonly exercise: Exercise;
  readonly source: string;
  readonly variant: string;
  readonly verdict: Verdict;
}

/** A report in Markdown, ready to send: code, schedule, verdict, versions. */
export function appealText({ exercise, source, variant, verdict }: Appeal): string {
  const check = shownCheck(verdict);
  const replay = check?.schedule === undefined ? [] : ['', `    npm run replay -- ${exercise.id} '${check.schedule}'`];
  return [
    `# I think my answer is right: ${exercise.id}`,
    '',
    'Why I think so: ',
    '',
    `- Course: ${verdict.course}, Node ${process.version}, ${platform()} ${release()} ${arch()}`,
    `- Graded in: the ${variant} worlds`,
    `- Verdict: ${verdict.outcome}`,
    ...verdict.checks.map(({ id, status, message }) => `- Check ${id}: ${status}${message ? `: ${message.text}` : ''}`),
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

// What terminals take at most, as they receive it.
const MOST = 74_994;

/** What puts a text on the clipboard of the terminal (OSC 52), also over ssh; nothing for one that is too long. */
export function clipboardSequence(text: string): string {
  const bytes = Buffer.from(text);
  return bytes.length > MOST ? '' : `\u001b]52;c;${bytes.toString('base64')}\u0007`;
}
