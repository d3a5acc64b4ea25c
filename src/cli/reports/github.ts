/** For GitHub's runners: an annotation at the line that is to blame, and a table for the page of the run. */

import { appendFile } from 'node:fs/promises';
import { firstFailed } from '../report.ts';
import { countText, type Graded, lineOf, wordsOf } from './result.ts';

/** The annotations, and in the end how many passed. Adds the table to the file of that name, if there is one. */
export async function githubReport(results: readonly Graded[], summary: string | undefined): Promise<string> {
  if (summary) await appendFile(summary, table(results));
  const lines = [...results.flatMap(annotations), `${countText(results)}.`];
  return `${lines.join('\n')}\n`;
}

function annotations(result: Graded): string[] {
  const { id, file, title, verdict } = result;
  if (!verdict) return [command({ title: id }, `There is no ${file} yet.`)];
  if (verdict.outcome === 'broken')
    return verdict.errors.map(({ line, column, message }) =>
      command({ file, line, ...(column === undefined ? {} : { col: column }), title }, message.text),
    );
  const failed = firstFailed(verdict);
  if (!failed) return [];
  const line = lineOf(failed);
  return [command({ file, ...(line ? { line } : {}), title: `${title}: ${failed.name}` }, wordsOf(failed).join('\n'))];
}

function command(properties: Readonly<Record<string, string | number>>, message: string): string {
  const written = Object.entries(properties).map(([name, value]) => `${name}=${property(String(value))}`);
  return `::error ${written.join(',')}::${data(message)}`;
}

const data = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

function table(results: readonly Graded[]): string {
  const rows = results.map(({ id, verdict }) => {
    const failed = verdict && firstFailed(verdict)?.name;
    return `| ${id} | ${verdict?.outcome ?? 'not begun'} | ${cell(failed ?? '')} |`;
  });
  return [
    '### Faultline',
    '',
    '| exercise | verdict | first failing check |',
    '|---|---|---|',
    ...rows,
    '',
    `${countText(results)}.`,
    '',
    '',
  ].join('\n');
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
