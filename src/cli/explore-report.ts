/** What exploring a program found, for a person: the verdict, how much was looked at, and the interleaving that breaks it. */

import type { Exploration, Violation } from '#explore';
import { exploredText } from '#grade/explored';
import type { OwnExploration } from '#grade/own-exploration';
import { drawColumns } from './columns.ts';
import { kernelLogLines } from './kernel-log.ts';
import { glyph, type Look, paint } from './look.ts';
import { indent, proseLines, wrap } from './prose.ts';

type Found = Extract<OwnExploration, { exploration: unknown }>;
type Refused = Extract<OwnExploration, { refused: unknown }>['refused'];

interface Context {
  readonly file: string;
  /** Opens it in the page; undefined for a program that is too long for one. */
  readonly link: string | undefined;
}

/** The whole report, in lines no wider than the look allows; the link is never broken. */
export function explorationLines(look: Look, { program, exploration }: Found, { file, link }: Context): string[] {
  const { violation, notes } = exploration;
  return [
    `${paint(look, 'bold', program)}  ${paint(look, 'dim', file)}`,
    '',
    ...verdictLines(look, exploration),
    ...notes.flatMap((note) => wrap(`Note: ${note}.`, look.width)),
    ...outcomeLines(look, exploration),
    ...(violation ? violationLines(look, violation) : []),
    ...otherLines(look, exploration),
    '',
    ...(link === undefined
      ? wrap('This file is too long for a link. The page takes it too: /your-own-race/.', look.width)
      : [`${violation ? 'In the stepper, while npm start runs' : 'In the page, while npm start runs'}:`, link]),
  ];
}

/** Why nothing could be explored. */
export function refusedLines(look: Look, { message, native }: Refused, file: string): string[] {
  const own = native === undefined ? [] : ['', ...indent(native.split('\n'), 4)];
  return [
    paint(look, ['bold', 'red'], file),
    ...indent(proseLines(look, message?.text ?? '', look.width - 2), 2),
    ...own,
  ];
}

const SIGNS = { holds: ['passed', 'green'], violated: ['failed', 'red'], 'gave up': ['undecided', 'yellow'] } as const;
const ENGINES = { graph: 'the state graph', dpor: 'DPOR', random: 'random executions' } as const;

function verdictLines(look: Look, exploration: Exploration): string[] {
  const { verdict, engine, states, executions, interleavings, complete, gaveUp } = exploration;
  const [sign, style] = SIGNS[verdict];
  const counts = { engine, complete, ...defined({ states, executions, interleavings }) };
  const looked = exploredText({ id: '', name: '', stage: 1, status: 'failed', explored: counts });
  const how = looked === undefined ? '' : `  ${looked}, by ${ENGINES[engine]}`;
  return [
    paint(look, ['bold', style], `${glyph(look, sign)} ${verdict}`) + how,
    ...(gaveUp && verdict === 'gave up' ? wrap(whyUndecided(gaveUp), look.width) : []),
  ];
}

function whyUndecided({ why, preemptionsProven: proven }: NonNullable<Exploration['gaveUp']>): string {
  const sure = `Nothing goes wrong with at most ${proven} preemption${proven === 1 ? '' : 's'}.`;
  return `Undecided: ${why}. ${proven < 0 ? 'Nothing wrong was found.' : sure}`;
}

const defined = <T extends object>(values: T) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };

/** Where all is known: the ways in which the program's `outcome` says that it can end. */
function outcomeLines(look: Look, { outcomes, complete, violation }: Exploration): string[] {
  const all = Object.entries(outcomes);
  // A search that ends at the first violation has met some by chance.
  if (all.length === 0 || (violation && !complete)) return [];
  return [
    '',
    paint(look, 'bold', complete ? 'How it can end' : 'Ends that were met'),
    ...all.flatMap(([name, { schedule, interleavings }]) => {
      const often = interleavings === undefined ? '' : ` (${interleavings} of the interleavings)`;
      return [
        ...indent(wrap(`${glyph(look, 'bullet')} ${name}${often}`, look.width - 2), 2),
        paint(look, 'dim', `    as with ${schedule}`),
      ];
    }),
  ];
}

function violationLines(look: Look, { trace, minimal, schedule }: Violation): string[] {
  const ownLine = trace.steps.flatMap(({ stack }) => stack).find(({ line }) => line !== undefined)?.line;
  const which = minimal
    ? 'The shortest interleaving that breaks it'
    : 'An interleaving that breaks it; there may be shorter ones';
  return [
    '',
    paint(look, 'bold', which),
    '',
    ...drawColumns(look, trace),
    '',
    ...(ownLine === undefined ? [] : [paint(look, 'dim', `      :${ownLine} means line ${ownLine} of that file.`)]),
    ...(schedule === '' ? [] : [paint(look, 'dim', `      As a schedule: ${schedule}`)]),
    ...kernelLogLines(look, trace),
  ];
}

function otherLines(look: Look, { violations }: Exploration): string[] {
  const [, ...others] = violations;
  if (others.length === 0) return [];
  return [
    '',
    paint(look, 'bold', 'What else goes wrong'),
    ...others.flatMap(({ kind, message, schedule }) => [
      ...indent(wrap(`${glyph(look, 'bullet')} ${kind}: ${message}`, look.width - 2), 2),
      paint(look, 'dim', `    --schedule ${schedule}`),
    ]),
  ];
}
