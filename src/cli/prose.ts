/** Prose for a terminal: lines no wider than they may be, and Markdown without its marks. */

import { stripVTControlCharacters } from 'node:util';
import { type Look, paint } from './look.ts';

/** The width of a text on the screen: without its colours. Its characters are taken to be one column wide each. */
export function widthOf(text: string): number {
  return [...stripVTControlCharacters(text)].length;
}

/** Breaks a text at spaces; a word wider than a line is cut. Line breaks in it stay. */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, Math.max(1, width)));
}

function wrapLine(line: string, width: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    const joined = current === '' ? word : `${current} ${word}`;
    if (widthOf(joined) <= width) {
      current = joined;
      continue;
    }
    // What fits in no line begins in this one; what fits in the next goes there whole.
    const [rest, ...full] = widthOf(word) > width ? cut(joined, width) : [word, current];
    lines.push(...full);
    current = rest;
  }
  return [...lines, current];
}

/** The last piece of the text, and the full lines before it. */
function cut(text: string, width: number): [rest: string, ...full: string[]] {
  const characters = [...text];
  const full: string[] = [];
  while (characters.length > width) full.push(characters.splice(0, placeToCut(characters, width)).join('').trim());
  return [characters.join('').trim(), ...full];
}

/** In the second half of the line behind a sign or in front of an underscore, if there is one: words stay whole. */
function placeToCut(characters: readonly string[], width: number): number {
  const behind = characters.slice(0, width).findLastIndex((each) => /[\s([,./-]/.test(each)) + 1;
  const before = characters.slice(0, width + 1).lastIndexOf('_');
  const place = Math.max(behind, before);
  return place > width / 2 ? place : width;
}

/** Lines with the same number of spaces in front. */
export function indent(lines: readonly string[], by: number): string[] {
  return lines.map((line) => (line === '' ? '' : ' '.repeat(by) + line));
}

/** A line of code; one that is too long goes on further in, broken where it has spaces. */
export function codeLines(line: string, width: number): string[] {
  if (widthOf(line) <= width) return [line];
  const front = /^ */.exec(line)?.[0] ?? '';
  const [first = '', ...rest] = wrap(line.trimStart(), width - front.length - 4);
  return [front + first.trimEnd(), ...rest.map((each) => `${front}    ${each.trim()}`)];
}

interface Block {
  readonly kind: 'paragraph' | 'item' | 'heading' | 'table' | 'kept';
  readonly lines: readonly string[];
}

export interface MarkdownOptions {
  readonly width?: number;
  /** Where a link into the course leads, for those who cannot click; undefined shows its text alone. */
  placeOf?(link: string, label: string): string | undefined;
}

/** Markdown as lines for a terminal. Code stays as it is written. */
export function renderMarkdown(look: Look, markdown: string, options: MarkdownOptions = {}): string[] {
  const lines: string[] = [];
  let before: Block | undefined;
  for (const block of blocksOf(markdown)) {
    const tight = before === undefined || (before.kind === 'item' && block.kind === 'item');
    lines.push(...(tight ? [] : ['']), ...renderBlock(look, block, options));
    before = block;
  }
  return lines;
}

function renderBlock(look: Look, { kind, lines }: Block, options: MarkdownOptions): string[] {
  const width = options.width ?? look.width;
  if (kind === 'kept')
    return indent(
      lines.flatMap((line) => codeLines(line, width - 4)),
      4,
    );
  if (kind === 'table') return tableLines(look, lines, { ...options, width });
  const text = inline(lines.map((line) => line.trim()).join(' '), options);
  if (kind === 'heading') return [paint(look, 'bold', text.replace(/^#+ /, ''))];
  if (kind === 'paragraph') return proseLines(look, text, width);
  const [, mark = '', rest = ''] = /^([-*]|\d+\.) +(.*)$/.exec(text) ?? [];
  const wrapped = proseLines(look, rest, width - mark.length - 1);
  return wrapped.map((line, index) => `${index === 0 ? mark : ' '.repeat(mark.length)} ${line}`);
}

function blocksOf(markdown: string): Block[] {
  const blocks: { kind: Block['kind']; lines: string[] }[] = [];
  let fence: string | undefined;
  let open = false;
  for (const line of markdown.split(/\r?\n/)) {
    const mark = /^ {0,3}(```+|~~~+)/.exec(line)?.[1];
    if (mark && (fence === undefined || mark.startsWith(fence))) {
      fence = fence === undefined ? mark : undefined;
      if (fence) blocks.push({ kind: 'kept', lines: [] });
      open = fence !== undefined;
      continue;
    }
    if (fence === undefined && line.trim() === '') {
      open = false;
      continue;
    }
    const kind = fence === undefined ? kindOf(line) : 'kept';
    const last = blocks.at(-1);
    const goesOn = open && last && (kind === last.kind || kind === 'paragraph') && !startsAlone(kind);
    if (goesOn) last.lines.push(line);
    else blocks.push({ kind, lines: [line] });
    open = kind !== 'heading';
  }
  return blocks;
}

function kindOf(line: string): Block['kind'] {
  if (/^#+ /.test(line)) return 'heading';
  if (/^\s*([-*]|\d+\.) /.test(line)) return 'item';
  return /^\s*\|/.test(line) ? 'table' : 'paragraph';
}

function startsAlone(kind: Block['kind']): boolean {
  return kind === 'item' || kind === 'heading';
}

/** Columns where every row fits into a line; else, and for who listens, a row is its first two cells, and below them the others by the names of their columns. */
function tableLines(
  look: Look,
  lines: readonly string[],
  options: MarkdownOptions & { readonly width: number },
): string[] {
  const [names = [], ...rows] = lines.filter((line) => !/^[\s|:-]+$/.test(line)).map((line) => cellsOf(line, options));
  const shown = [names, ...rows].map((row) => row.map((cell) => styled(look, cell)));
  const widths = names.map((_, column) => Math.max(...shown.map((row) => widthOf(row[column] ?? ''))));
  const isWide = widths.reduce((sum, each) => sum + each + 2, -2) > options.width;
  if (look.spoken || isWide) {
    return rows.flatMap(([first = '', second = '', ...rest]) => [
      ...proseLines(look, [first, second].filter(Boolean).join(look.spoken ? ': ' : '  '), options.width),
      ...rest.flatMap((cell, at) =>
        cell === ''
          ? []
          : indent(proseLines(look, `${names[at + 2]}: ${cell}`, options.width - 2), look.spoken ? 0 : 2),
      ),
    ]);
  }
  const [head = '', ...body] = shown.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)))
      .join('  ')
      .trimEnd(),
  );
  return [paint(look, 'bold', head), ...body];
}

const cellsOf = (line: string, options: MarkdownOptions): string[] =>
  inline(line.trim().replaceAll(/^\||\|$/g, ''), options)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));

/** Where a claim can be looked up. A commit is found in any clone: its address only makes the line long. */
const sourceText = (href: string | undefined, where: string): string =>
  href === undefined || where.startsWith('commit ') ? `(source: ${where})` : `(source: ${where}, <${href}>)`;

/** Links and tags become their text, with the place that a link leads to. Code keeps its marks for `styled`. */
function inline(text: string, { placeOf }: MarkdownOptions): string {
  return text
    .replaceAll(/\[([^\]]+)\]\(([^)\s]+)\)/g, (_, label: string, target: string) => {
      const place = /^https?:/.test(target) ? `<${target}>` : placeOf?.(target, label);
      return place === undefined ? label : `${label} ${place}`;
    })
    .replaceAll(/<Source(?: href="([^"]*)")?>(.*?)<\/Source>/g, (_, href, where: string) => sourceText(href, where))
    .replaceAll(/<\/?[A-Z][^<>]*>/g, '')
    .replaceAll(/\*\*([^*]+)\*\*/g, '$1')
    .replaceAll(/(^|\s)[*_]([^*_\s][^*_]*)[*_](?=[\s.,;:!?)]|$)/g, '$1$2');
}

/** A text with `code` in it: in a colour of its own where there are colours, else in its marks; and in one line, if one is enough. */
export function proseLines(look: Look, text: string, width: number): string[] {
  const glued = text.replaceAll(CODE, (code) => (widthOf(code) > width ? code : code.replaceAll(' ', NO_BREAK)));
  // Before lines are broken: marks that are not shown take no room. A word that will be cut keeps them.
  const words = glued.split(' ').map((word) => (widthOf(word) > width ? word : styled(look, word)));
  return wrap(words.join(' '), width).map((line) => line.replaceAll(NO_BREAK, ' '));
}

const CODE = /`[^`\n]+`/g;
const NO_BREAK = '\u00a0';

function styled(look: Look, line: string): string {
  // Whoever listens hears each mark.
  return look.colour || look.spoken ? line.replaceAll(CODE, (code) => paint(look, 'cyan', code.slice(1, -1))) : line;
}
