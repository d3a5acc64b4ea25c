/** What the names of an interleaving mean, in a sentence each: the glossary's, and those of the picture below it. */

import type { Term } from '#course/catalogue';
import type { Trace } from '#explore';
import { type Look, paint } from '../look.ts';
import { renderMarkdown, wrap } from '../prose.ts';
import { hanging } from './lines.ts';

/** What the picture has beside the glossary's words: as they stand there, and what they are. */
const PICTURE: readonly (readonly [seen: RegExp, name: string, means: string])[] = [
  [/\b[a-z]\[\d+\]/, 'v[1]', 'The entry of the page table for page 1 of the mapping v, counted from 0.'],
  [/\bbar\d\[\d+\]/, 'bar0[1]', 'Page 1 of the device’s window BAR 0: what an entry leads to.'],
  [/\bptl of /, 'ptl of v', 'The spinlock of the page table that has v’s entries. Whoever changes them holds it.'],
  [
    /\bvconfig\b/,
    'vconfig',
    'The driver’s own copy of the device’s configuration, with the bit that switches its memory on.',
  ],
];

// Terms that are words of every day too.
const WORDS = ['page', 'state', 'task', 'race', 'cell', 'outcome', 'schedule'];

/** Only names that the trace has; what the picture shows comes first, for a short screen. */
export function namesLines(
  look: Look,
  terms: readonly Term[],
  trace: Trace | undefined,
  rows = Number.POSITIVE_INFINITY,
): string[] {
  if (!trace) return [];
  const text = textOf(trace);
  const known = new Set(text.match(/\w+/g));
  const pictured = PICTURE.filter(([seen]) => seen.test(text)).map(([, name, means]) => [name, means] as const);
  const told = terms.flatMap(({ id, body }) => {
    const name = id.replaceAll('-', '_');
    const isThere = known.has(name) || (name === 'bug_on' && known.has('BUG_ON'));
    return isThere && name !== 'ptl' && !WORDS.includes(name)
      ? [[name === 'bug_on' ? 'BUG_ON' : name, firstSentence(body)] as const]
      : [];
  });
  const locksFirst = told.sort(
    ([one], [other]) => Number(!/_l(?:ock|ist)$/.test(one)) - Number(!/_l(?:ock|ist)$/.test(other)),
  );
  const lines: string[] = [];
  for (const [name, means] of [...pictured, ...locksFirst]) {
    const entry = entryLines(look, name, means);
    if (lines.length + entry.length <= rows) lines.push(...entry);
  }
  return lines;
}

function entryLines(look: Look, name: string, means: string): string[] {
  const [line = ''] = renderMarkdown({ ...look, width: 1000 }, means);
  if (look.spoken) return wrap(`${name}: ${line}`, look.width);
  const text = wrap(line, look.width - WIDTH - 4);
  const front = `  ${paint(look, 'bold', name.padEnd(WIDTH))}  `;
  if (name.length <= WIDTH) return hanging(front, text);
  return [`  ${paint(look, 'bold', name)}`, ...text.map((each) => ' '.repeat(WIDTH + 4) + each)];
}

const WIDTH = 'memory_lock'.length;

/** Without the source that stands below it. */
function firstSentence(body: string): string {
  const [paragraph = ''] = body.trim().split(/\n[ \t]*\n/);
  return /^.*?[.!?](?=\s|$)/s.exec(paragraph.replaceAll(/\s+/g, ' '))?.[0] ?? paragraph;
}

function textOf({ steps }: Trace): string {
  return steps
    .flatMap(({ operation, plain, stack, picture }) => [
      operation,
      ...plain.map((event) => event.operation),
      ...stack.map((frame) => frame.function),
      JSON.stringify(picture ?? ''),
    ])
    .join(' ');
}
