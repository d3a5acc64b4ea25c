/** A rendered lesson, taken apart into what stands in it one below the other, and how much room each takes on a slide. */

import { ELEMENT_NODE, type ElementNode, type Node, parse, TEXT_NODE } from 'ultrahtml';

/**
 * `stage`: what has a slide to itself, as an experiment or a prediction does. `desk`: where each goes to work. `source`: where the
 * claim above it can be looked up.
 */
export type BlockKind = 'heading' | 'prose' | 'source' | 'stage' | 'desk';

export interface Block {
  readonly kind: BlockKind;
  readonly html: string;
  /** Its height on a slide, in lines of a paragraph. An estimate: a browser test says whether it holds. */
  readonly lines: number;
  /** Ends with a colon: what comes next belongs to it. */
  readonly leadsOn: boolean;
}

/** How many characters of a paragraph a slide has room for in a line. */
const across = 63;

const prose = ['p', 'ul', 'ol', 'pre', 'div', 'blockquote', 'details', 'h3', 'h4'];

/** All blocks of a lesson's page, in order. A script goes with the block above it, which needs it. */
export function blocksOf(html: string): Block[] {
  const blocks: Block[] = [];
  for (const element of elementsIn(parse(html)).flatMap(unfolded)) {
    const text = shown(element, html.slice(element.loc[0].start, element.loc[1].end));
    const last = blocks.at(-1);
    if (element.name === 'script' && last) blocks[blocks.length - 1] = { ...last, html: last.html + text };
    else blocks.push(blockOf(element, text));
  }
  return blocks;
}

/** What a page folds until its reader has an answer: a slide comes when all have theirs. */
const unfolded = (element: ElementNode): ElementNode[] =>
  element.attributes.class === 'afterwards' ? elementsIn(element).filter(({ name }) => name !== 'summary') : [element];

/** A fold that holds a list, and is there to keep a page short: on a slide it is open. */
const foldsList = (element: ElementNode): boolean =>
  element.name === 'details' && elementsIn(element).some(({ name }) => name === 'ol');

/** A listing that takes smaller letters, so that all of it can be read at once. */
function isLong(listing: ElementNode): boolean {
  const lines = textOf(listing).trim().split('\n');
  return lines.length > 13 || lines.some(({ length }) => length > 70);
}

/** As it stands on a slide. */
function shown(element: ElementNode, html: string): string {
  if (foldsList(element)) return html.replace('<details', '<details open');
  const [listing] = element.name === 'pre' ? [element] : element.name === 'figure' ? named(element, 'pre') : [];
  return listing && isLong(listing) ? html.replace('<pre', '<pre data-long') : html;
}

/** A list or a table as several, each with a part of its items or rows, in order; anything else as it is. */
export function partsOf(block: Block, most: number): Block[] {
  const [element] = elementsIn(parse(block.html));
  const pieces = element && block.lines > most ? piecesOf(element) : [];
  const [first, last] = [pieces[0], pieces.at(-1)];
  if (!first || !last) return [block];
  const count = Math.ceil(block.lines / most);
  const size = Math.ceil(pieces.length / count);
  return Array.from({ length: Math.ceil(pieces.length / size) }, (_, part) => {
    const some = pieces.slice(part * size, (part + 1) * size);
    const inside = block.html.slice(some[0]?.loc[0].start, some.at(-1)?.loc[1].end);
    const html = block.html.slice(0, first.loc[0].start) + inside + block.html.slice(last.loc[1].end);
    return { ...block, html: countingFrom(html, part * size + 1), lines: block.lines / count };
  });
}

/** What may be told apart: items of a list, rows of a table's body. */
function piecesOf(element: ElementNode): ElementNode[] {
  if (['ul', 'ol'].includes(element.name)) return elementsIn(element);
  const isTable = element.name === 'div' || /\brecording\b/.test(element.attributes.class ?? '');
  return isTable ? named(element, 'tbody').flatMap(elementsIn) : [];
}

const countingFrom = (html: string, start: number): string =>
  start > 1 ? html.replace(/^<ol/, `<ol start="${start}"`) : html;

function blockOf(element: ElementNode, html: string): Block {
  const text = textOf(element).trim();
  return { kind: kindOf(element), html, lines: linesOf(element, text), leadsOn: /[:：]$/.test(text) };
}

function kindOf(element: ElementNode): BlockKind {
  const { name, attributes } = element;
  if (name === 'h2') return 'heading';
  if (name === 'cite') return 'source';
  if (/\bdesk\b/.test(attributes.class ?? '')) return 'desk';
  return prose.includes(name) && !foldsList(element) ? 'prose' : 'stage';
}

function linesOf(element: ElementNode, text: string): number {
  switch (element.name) {
    case 'ul':
    case 'ol':
      return 0.5 + sum(elementsIn(element).map((item) => 0.15 + wrapped(textOf(item), across - 4)));
    case 'pre':
      return 1.2 + (isLong(element) ? 0.56 : 0.72) * text.split('\n').length;
    case 'div':
      return 0.5 + tableLines(element);
    case 'figure':
      return sum(named(element, 'pre').map(listingLines)) || 2.5 + 0.75 * named(element, 'tr').length;
    // In three columns; what is folded takes no room until somebody opens it.
    case 'details':
      return foldsList(element) ? 2 + 0.35 * named(element, 'li').length : 2;
    case 'fault-prediction':
      return 1.5 + wrapped(textOf(element), across * 1.2) + 0.5 * named(element, 'label').length;
    case 'cite':
      return 0.3 + 0.65 * wrapped(text, across * 1.5);
    default:
      return 0.5 + wrapped(text, across);
  }
}

/** In a figure, with its name above it. */
const listingLines = (listing: ElementNode): number =>
  1.5 + (isLong(listing) ? 0.54 : 0.63) * textOf(listing).split('\n').length;

/** A row is as high as its highest cell, a column as wide as its longest cell asks for. */
function tableLines(table: ElementNode): number {
  const rows = named(table, 'tr').map((row) => elementsIn(row).map((cell) => textOf(cell).trim().length));
  const widest = (rows[0] ?? []).map((_, column) => Math.max(1, ...rows.map((row) => row[column] ?? 0)));
  const room = (across * 1.15) / sum(widest);
  return sum(
    rows.map(
      (row) =>
        0.3 +
        0.78 *
          Math.max(1, ...row.map((length, column) => Math.ceil(length / Math.max(9, room * (widest[column] ?? 1))))),
    ),
  );
}

const wrapped = (text: string, width: number): number => Math.ceil(text.length / width);
const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

const elementsIn = (node: Node): ElementNode[] =>
  'children' in node ? ((node.children as Node[]).filter((child) => child.type === ELEMENT_NODE) as ElementNode[]) : [];

const named = (element: ElementNode, name: string): ElementNode[] =>
  elementsIn(element).flatMap((child) => (child.name === name ? [child] : named(child, name)));

/** What is read of it. */
export function textOf(node: Node): string {
  if (node.type === TEXT_NODE) return node.value as string;
  return 'children' in node ? (node.children as Node[]).map(textOf).join('') : '';
}
