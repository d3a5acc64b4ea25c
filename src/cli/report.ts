/** A verdict as a person reads it: every check in its stage, and the first that failed in full. */

import { endingRole } from '#grade/ending';
import { exploredText, tellsStates } from '#grade/explored';
import { parseSchedule } from '#grade/schedule';
import { say } from '#grade/texts';
import type { Check, Verdict } from '#grade/verdict';
import { drawColumns } from './columns.ts';
import { kernelLogLines } from './kernel-log.ts';
import { glyph, type Look, paint, type Style } from './look.ts';
import { indent, proseLines, renderMarkdown, widthOf, wrap } from './prose.ts';

/** What a verdict does not say of itself. */
export interface ReportContext {
  readonly title: string;
  /** The submission's file, as the learner knows it. */
  readonly file: string;
  /** Not in the worlds in which `npm run replay` runs a schedule. */
  readonly isElsewhere?: boolean;
  /** Where a link of a text leads, for those who cannot click. */
  placeOf?(link: string, label: string): string | undefined;
}

/** The whole report, in lines no wider than the look allows; schedules are never broken. */
export function reportLines(look: Look, verdict: Verdict, context: ReportContext): string[] {
  const { checks, reason, evidence, belief, outcome } = reportParts(look, verdict, context);
  const parts = [checks, [...reason, ...(evidence.length > 0 ? ['', ...evidence] : [])], belief, [outcome]];
  return [
    `${paint(look, 'bold', context.title)}  ${paint(look, 'dim', context.file)}`,
    ...parts.filter((part) => part.length > 0).flatMap((part) => ['', ...part]),
  ];
}

/** What a report consists of, for a screen that has to choose what stands last. */
export interface ReportParts {
  /** Every check in its stage; of a file that does not compile, its errors. */
  readonly checks: readonly string[];
  /** The same in a line for all that passed and one for those that were not run, without the one that is told in full. */
  readonly checksInShort: readonly string[];
  /** The check that is told in full, and in a sentence why. */
  readonly reason: readonly string[];
  /** Its interleaving, and what Linux would print of it. */
  readonly evidence: readonly string[];
  /** The misconception behind it. */
  readonly belief: readonly string[];
  readonly outcome: string;
}

export function reportParts(look: Look, verdict: Verdict, context: ReportContext): ReportParts {
  const failed = firstFailed(verdict);
  const shown = failed ?? (verdict.outcome === 'passed' ? foundIn(verdict) : undefined);
  return {
    checks: verdict.outcome === 'broken' ? brokenLines(look, verdict.errors, context.file) : checkLines(look, verdict),
    checksInShort: checksInShort(look, verdict),
    reason: failed ? failedLines(look, failed) : foundLines(look, shown),
    evidence: traceLines(look, shown, { ...context, id: verdict.exercise }),
    belief: failed ? misconceptionLines(look, failed, context) : [],
    outcome: outcomeLine(look, verdict),
  };
}

/** The check that the report tells in full; undefined when all passed or none ran. */
export function firstFailed(verdict: Verdict): Check | undefined {
  return verdict.checks.find((check) => check.status !== 'passed' && check.status !== 'not run');
}

/** What keeps a file from being compiled, with the places. */
export function brokenLines(look: Look, errors: Verdict['errors'], file: string): string[] {
  return errors.flatMap(({ line, column, message }) => {
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

function checksInShort(look: Look, { checks }: Verdict): string[] {
  const count = (status: Check['status']) => {
    const found = checks.filter((check) => check.status === status);
    const [first, last] = [found[0]?.stage, found.at(-1)?.stage];
    const stages = first === last ? `stage ${first}` : `stages ${first} to ${last}`;
    const { glyph: sign, style, word } = MARKS[status];
    const names = `${glyph(look, sign)} ${word}  ${stages}: ${found.length} ${found.length === 1 ? 'check' : 'checks'}`;
    return found.length === 0 ? [] : [paint(look, style, names)];
  };
  const others = checks.filter(({ status }) => status !== 'passed' && status !== 'not run').slice(1);
  const failed = others.flatMap(({ status, stage, name }) => {
    const { glyph: sign, style, word } = MARKS[status];
    const front = `${glyph(look, sign)} ${word}  `;
    const lines = wrap(`stage ${stage}: ${name}`, look.width - widthOf(front));
    return lines.map((line, index) => (index === 0 ? paint(look, style, front) : ' '.repeat(widthOf(front))) + line);
  });
  return [...count('passed'), ...failed, ...count('not run')];
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

function failedLines(look: Look, check: Check): string[] {
  const sign = look.spoken ? 'In full:' : glyph(look, MARKS[check.status].glyph);
  const heading = `${sign} ${check.name}`;
  const native = check.native === undefined ? [] : ['', ...indent(wrap(check.native, look.width - 4), 4)];
  return [
    ...wrap(heading, look.width).map((line) => paint(look, 'bold', line)),
    ...indent(proseLines(look, check.message?.text ?? '', look.width - 2), 2),
    ...native,
  ];
}

function traceLines(look: Look, check: Check | undefined, context: ReportContext & { readonly id: string }): string[] {
  const trace = check?.trace;
  if (!check || !trace || trace.steps.length === 0) return [];
  const ownLine = trace.steps.flatMap((step) => step.stack).find((frame) => frame.line !== undefined)?.line;
  const legend =
    ownLine === undefined ? [] : ['', paint(look, 'dim', `      :${ownLine} means line ${ownLine} of your file.`)];
  // In one line, as lesson and exercise write it: who moves, and for how many steps.
  const schedule = [`As a schedule: ${trace.schedule}`, ...replayCommand(check, trace.schedule, context)].map((line) =>
    paint(look, 'dim', `      ${line}`),
  );
  const columns = drawColumns(look, trace, endingRole(check));
  return [...columns, ...(legend.length === 0 ? [''] : legend), ...schedule, ...kernelLogLines(look, trace)];
}

/** What runs that schedule again, step by step. */
function replayCommand(
  check: Check,
  schedule: string,
  { id, file, isElsewhere = false }: ReportContext & { readonly id: string },
): string[] {
  if (isElsewhere) return [];
  const program = parseSchedule(check.schedule ?? '')?.n ?? 1;
  return [
    `npm run replay -- ${id} ${schedule} --check ${check.id}${program === 1 ? '' : ` --program ${program}`}${
      file === `my/${id}.ts` ? '' : ` --submission ${file}`
    }`,
  ];
}

/** The interleaving that a check asked for. */
const foundIn = ({ checks }: Verdict) => checks.findLast(({ trace }) => trace !== undefined);

function foundLines(look: Look, check: Check | undefined): string[] {
  if (!check) return [];
  const sign = look.spoken ? '' : `${glyph(look, 'passed')} `;
  return wrap(`${sign}${check.name}. Here it is:`, look.width).map((line) => paint(look, 'bold', line));
}

/** The text of the misconception: its first paragraph says the belief, its last where to read. */
function misconceptionLines(look: Look, check: Check, { placeOf }: ReportContext): string[] {
  if (check.misconception === undefined) return [];
  const because = check.because ?? `This often comes from: ${check.misconception}.`;
  const [belief = '', ...rest] = because.split(/\n[ \t]*\n/);
  const options = { width: look.width - 2, ...(placeOf ? { placeOf } : {}) };
  const text = renderMarkdown(look, rest.join('\n\n'), options);
  const opening = wrap(belief.replaceAll(/\s+/g, ' ').trim(), look.width).map((line) => paint(look, 'yellow', line));
  return [...opening, ...(text.length === 0 ? [] : ['', ...indent(text, 2)])];
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
