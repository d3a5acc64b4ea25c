/** A verdict as a person reads it: every check in its stage, and the first that failed in full. */

import { endingRole } from '#grade/ending';
import { exploredText, tellsStates } from '#grade/explored';
import { say } from '#grade/texts';
import type { Check, Verdict } from '#grade/verdict';
import { drawColumns } from './columns.ts';
import { kernelLogLines } from './kernel-log.ts';
import { glyph, type Look, paint, type Style } from './look.ts';
import { indent, proseLines, renderMarkdown, wrap } from './prose.ts';

/** What a verdict does not say of itself. */
export interface ReportContext {
  readonly title: string;
  /** The submission's file, as the learner knows it. */
  readonly file: string;
  /** Where a link of a text leads, for those who cannot click. */
  placeOf?(link: string, label: string): string | undefined;
}

/** The whole report, in lines no wider than the look allows; schedules are never broken. */
export function reportLines(look: Look, verdict: Verdict, context: ReportContext): string[] {
  const failed = firstFailed(verdict);
  return [
    `${paint(look, 'bold', context.title)}  ${paint(look, 'dim', context.file)}`,
    '',
    ...(verdict.outcome === 'broken' ? brokenLines(look, verdict, context.file) : checkLines(look, verdict)),
    ...(failed ? ['', ...failedLines(look, failed, context)] : []),
    ...(verdict.outcome === 'passed' ? foundLines(look, verdict) : []),
    '',
    outcomeLine(look, verdict),
  ];
}

/** The check that the report tells in full; undefined when all passed or none ran. */
export function firstFailed(verdict: Verdict): Check | undefined {
  return verdict.checks.find((check) => check.status !== 'passed' && check.status !== 'not run');
}

function brokenLines(look: Look, verdict: Verdict, file: string): string[] {
  return verdict.errors.flatMap(({ line, column, message }) => {
    const place = column === undefined ? `${file}:${line}` : `${file}:${line}:${column}`;
    return [paint(look, ['bold', 'red'], place), ...indent(proseLines(look, message.text, look.width - 2), 2)];
  });
}

function checkLines(look: Look, verdict: Verdict): string[] {
  let stage: number | undefined;
  const lines = verdict.checks.flatMap((check) => {
    const heading = check.stage === stage ? '' : `stage ${check.stage}`;
    stage = check.stage;
    return checkLine(look, heading, check);
  });
  if (!tellsStates(verdict)) return lines;
  return [...lines, '', ...wrap(say('states counted').text, look.width).map((line) => paint(look, 'dim', line))];
}

const MARKS: Record<Check['status'], { glyph: Parameters<typeof glyph>[1]; style: Style; word: string }> = {
  passed: { glyph: 'passed', style: 'green', word: 'passed' },
  failed: { glyph: 'failed', style: 'red', word: 'failed' },
  hung: { glyph: 'failed', style: 'red', word: 'hung' },
  undecided: { glyph: 'undecided', style: 'yellow', word: 'undecided' },
  'not run': { glyph: 'waiting', style: 'dim', word: 'not run' },
};
const WORD = 'undecided'.length;

function checkLine(look: Look, heading: string, check: Check): string[] {
  const mark = MARKS[check.status];
  if (look.spoken) return wrap(checkSentence(check), look.width);
  const front = `${heading.padEnd(9)}${paint(look, mark.style, `${glyph(look, mark.glyph)} ${mark.word.padEnd(WORD)}`)}  `;
  const room = look.width - 9 - 2 - WORD - 2;
  const explored = check.status === 'passed' ? exploredText(check) : undefined;
  const [first = '', ...rest] = wrap(check.name + (explored ? ` (${explored})` : ''), room);
  return [front + first, ...indent(rest, look.width - room)];
}

/** `Stage 1, one touch: passed, 6 interleavings.` */
function checkSentence(check: Check): string {
  const explored = check.status === 'passed' ? exploredText(check) : undefined;
  const word = MARKS[check.status].word;
  return `Stage ${check.stage}, ${check.name}: ${word}${explored ? `, ${explored}` : ''}.`;
}

function failedLines(look: Look, check: Check, context: ReportContext): string[] {
  const sign = look.spoken ? 'In full:' : glyph(look, MARKS[check.status].glyph);
  const heading = `${sign} ${check.name}`;
  const native = check.native === undefined ? [] : ['', ...indent(wrap(check.native, look.width - 4), 4)];
  return [
    ...wrap(heading, look.width).map((line) => paint(look, 'bold', line)),
    ...indent(proseLines(look, check.message?.text ?? '', look.width - 2), 2),
    ...native,
    ...traceLines(look, check),
    ...misconceptionLines(look, check, context),
  ];
}

function traceLines(look: Look, check: Check): string[] {
  const { trace } = check;
  if (!trace || trace.steps.length === 0) return [];
  const ownLine = trace.steps.flatMap((step) => step.stack).find((frame) => frame.line !== undefined)?.line;
  const legend =
    ownLine === undefined ? [] : ['', paint(look, 'dim', `      :${ownLine} means line ${ownLine} of your file.`)];
  // In one line, as lesson and exercise write it: who moves, and for how many steps.
  const schedule = paint(look, 'dim', `      As a schedule: ${trace.schedule}`);
  const columns = drawColumns(look, trace, endingRole(check));
  return ['', ...columns, ...(legend.length === 0 ? [''] : legend), schedule, ...kernelLogLines(look, trace)];
}

/** The interleaving that a check asked for. */
function foundLines(look: Look, { checks }: Verdict): string[] {
  const check = checks.findLast(({ trace }) => trace !== undefined);
  if (!check) return [];
  const heading = wrap(`${glyph(look, 'passed')} ${check.name}. Here it is:`, look.width);
  return ['', ...heading.map((line) => paint(look, 'bold', line)), ...traceLines(look, check)];
}

/** The text of the misconception: its first paragraph says the belief, its last where to read. */
function misconceptionLines(look: Look, check: Check, { placeOf }: ReportContext): string[] {
  if (check.misconception === undefined) return [];
  const because = check.because ?? `This often comes from: ${check.misconception}.`;
  const [belief = '', ...rest] = because.split(/\n[ \t]*\n/);
  const options = { width: look.width - 2, ...(placeOf ? { placeOf } : {}) };
  const text = renderMarkdown(look, rest.join('\n\n'), options);
  const opening = wrap(belief.replaceAll(/\s+/g, ' ').trim(), look.width).map((line) => paint(look, 'yellow', line));
  return ['', ...opening, ...(text.length === 0 ? [] : ['', ...indent(text, 2)])];
}

function outcomeLine(look: Look, { outcome, checks }: Verdict): string {
  const passed = checks.filter((check) => check.status === 'passed').length;
  switch (outcome) {
    case 'passed':
      return paint(look, ['bold', 'green'], `Passed: ${passed === 1 ? 'the one check' : `all ${passed} checks`}.`);
    case 'failed':
      return paint(look, 'bold', `Not yet: ${passed} of ${checks.length} checks passed.`);
    case 'broken':
      return paint(look, ['bold', 'red'], 'The file does not compile: no check ran.');
    case 'stopped':
      return paint(look, ['bold', 'red'], `Stopped: ${passed} of ${checks.length} checks had passed.`);
  }
}
