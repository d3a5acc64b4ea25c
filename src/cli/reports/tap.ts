/** TAP 14: a test point for each check, and below one that did not pass what happened, in YAML. */

import { countText, type Graded, wordsOf } from './result.ts';

interface Point {
  readonly isOk: boolean;
  readonly name: string;
  readonly words: readonly string[];
}

/** The whole document. */
export function tapReport(results: readonly Graded[]): string {
  const points = results.flatMap(pointsOf);
  const lines = [
    'TAP version 14',
    `1..${points.length}`,
    ...points.flatMap(({ isOk, name, words }, index) => [
      `${isOk ? 'ok' : 'not ok'} ${index + 1} - ${escaped(name)}`,
      ...yaml(words),
    ]),
    `# ${countText(results)}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** A check that was not run is not in order: SKIP would count it as if it were. */
function pointsOf({ id, file, verdict }: Graded): Point[] {
  if (!verdict) return [{ isOk: false, name: `${id}: begun`, words: [`There is no ${file} yet.`] }];
  if (verdict.outcome === 'broken') {
    const words = verdict.errors.map(({ line, message }) => `${file}:${line}: ${message.text}`);
    return [{ isOk: false, name: `${id}: compiles`, words }];
  }
  return verdict.checks.map((check) => ({
    isOk: check.status === 'passed',
    name: `${id}: ${check.name}`,
    words: check.status === 'not run' ? ['not run: an earlier stage has not passed'] : wordsOf(check),
  }));
}

function yaml(words: readonly string[]): string[] {
  if (words.length === 0) return [];
  // JSON's strings are YAML's.
  return ['  ---', '  message:', ...words.map((each) => `    - ${JSON.stringify(each.toWellFormed())}`), '  ...'];
}

/** `#` begins a directive, and a line is a line. */
const escaped = (name: string) => name.replaceAll(/\s+/g, ' ').replaceAll(/[\\#]/g, (sign) => `\\${sign}`);
