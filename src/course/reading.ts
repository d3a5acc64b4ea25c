/** A lesson's page as pieces that can be read one after another, wherever there is no page. */

import type { Lesson } from './lesson.ts';
import { type Prediction, predictionsIn } from './predictions.ts';
import { tablesOfC } from './typescript-for-c.ts';

/** A paragraph, list, table or listing in Markdown, a heading with what it stands over; or what the page puts in between. */
export type Piece =
  | { readonly kind: 'prose'; readonly text: string }
  | { readonly kind: 'prediction'; readonly prediction: Prediction }
  | { readonly kind: 'experiment'; readonly id: string }
  | { readonly kind: 'recording'; readonly id: string }
  | { readonly kind: 'patch'; readonly name: string }
  | { readonly kind: 'steps'; readonly under: string }
  | { readonly kind: 'game'; readonly goal: string };

/** What `<Count id what>` says; undefined where nobody can tell. */
export type NumberOf = (id: string, what: string) => string | undefined;

// What stands in a paragraph may begin its line too.
const TAG = /^<(?!Term\b|Source\b|Count\b)([A-Z]\w*)\b([\s\S]*?)\/>$/gm;

/** All pieces of a lesson, in the order of its page. */
export function piecesOf({ body }: Pick<Lesson, 'body'>, numberOf: NumberOf): Piece[] {
  const predictions = predictionsIn(body);
  const pieces: Piece[] = [];
  let prose = '';
  // A listing may begin with an import too.
  let end = /^(?:\s*(?:import|export) .*\n)*/.exec(body)?.[0].length ?? 0;
  for (const tag of body.matchAll(TAG)) {
    prose += body.slice(end, tag.index);
    end = tag.index + tag[0].length;
    if (tag[1] === 'TypeScriptForC') prose += tablesOfC().join('\n\n');
    const piece = pieceOf(tag[1] ?? '', tag[2] ?? '', predictions);
    if (!piece) continue;
    pieces.push(...proseIn(prose, numberOf), piece);
    prose = '';
  }
  return [...pieces, ...proseIn(prose + body.slice(end), numberOf)];
}

const attributeOf = (inside: string, which: string): string =>
  new RegExp(`\\b${which}="([^"]*)"`).exec(inside)?.[1] ?? '';

function pieceOf(name: string, inside: string, predictions: readonly Prediction[]): Piece | undefined {
  if (name === 'Experiment') return { kind: 'experiment', id: attributeOf(inside, 'id') };
  if (name === 'Recording') return { kind: 'recording', id: attributeOf(inside, 'id') };
  if (name === 'Patch') return { kind: 'patch', name: attributeOf(inside, 'name') };
  if (name === 'Steps') return { kind: 'steps', under: attributeOf(inside, 'under') };
  if (name === 'Scheduler') return { kind: 'game', goal: attributeOf(inside, 'goal') };
  const prediction = name === 'Prediction' ? predictions.find(({ id }) => id === attributeOf(inside, 'id')) : undefined;
  return prediction && { kind: 'prediction', prediction };
}

function proseIn(markdown: string, numberOf: NumberOf): Piece[] {
  const text = markdown
    .replaceAll(/\{\/\*[\s\S]*?\*\/\}/g, '')
    // What a page folds until its reader has an answer is not shown before a pass elsewhere.
    .replaceAll(/^<\/?Afterwards>$/gm, '')
    .replaceAll(/<Count id="([^"]*)" what="([^"]*)" \/>/g, (_, id, what) => numberOf(id, what) ?? 'many');
  const paragraphs: string[] = [];
  let isFenced = false;
  for (const paragraph of text.split(/\n[ \t]*\n/).map((each) => each.replace(/^\n+|\s+$/g, ''))) {
    if (paragraph === '') continue;
    const isUnderHeading = /^#+ [^\n]*$/.test(paragraphs.at(-1) ?? '');
    if (isFenced || isUnderHeading) paragraphs.push(`${paragraphs.pop()}\n\n${paragraph}`);
    else paragraphs.push(paragraph);
    if ((paragraph.match(/^ {0,3}```/gm)?.length ?? 0) % 2 === 1) isFenced = !isFenced;
  }
  return paragraphs.map((each) => ({ kind: 'prose', text: each }));
}
