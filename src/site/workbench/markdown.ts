/**
 * The Markdown of hints and misconceptions: paragraphs, headings, lists, fences, `code`, **strong**, *emphasis*, links.
 * Small because nothing else is written there; everything is escaped, because a forged verdict may bring its own.
 */

import { withSources } from '../sources.ts';
import { html, Markup } from '../stepper/html.ts';

/** Where a link may lead: our own pages, or another site over https. */
export type ResolveLink = (href: string) => string | undefined;

export function markdown(text: string, resolve: ResolveLink): Markup {
  return new Markup(withSources(html`${blocksOf(text).map((block) => blockMarkup(block, resolve))}`.text));
}

/** A sentence in which only `code` is marked. */
export const codeInText = (text: string): Markup =>
  html`${text.split(/`([^`]+)`/).map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : part))}`;

/** Blocks are separated by blank lines, except inside fences. */
function blocksOf(text: string): string[][] {
  const blocks: string[][] = [[]];
  let fenced = false;
  for (const line of text.replace(/\r\n?/g, '\n').split('\n')) {
    const fence = /^ {0,3}```/.test(line);
    if (line.trim() === '' && !fenced) blocks.push([]);
    else if (fence && !fenced) blocks.push([line]);
    else blocks.at(-1)?.push(line);
    if (fence && fenced) blocks.push([]);
    if (fence) fenced = !fenced;
  }
  return blocks.filter((block) => block.length > 0);
}

const bullet = /^ {0,3}[-*] +/;
const number = /^ {0,3}\d+[.)] +/;

function blockMarkup(lines: readonly string[], resolve: ResolveLink): Markup {
  const [first = ''] = lines;
  const inline = (text: string) => inlineMarkup(text, resolve);
  if (/^ {0,3}```/.test(first)) return html`<pre tabindex="0"><code>${lines.slice(1, -1).join('\n')}</code></pre>`;
  const heading = /^#{3,6} +(.*)$/.exec(first);
  if (heading)
    return html`<h4>${inline(heading[1] ?? '')}</h4>${lines.length > 1 && blockMarkup(lines.slice(1), resolve)}`;
  if (bullet.test(first)) return html`<ul>${itemsOf(lines, bullet).map((item) => html`<li>${inline(item)}</li>`)}</ul>`;
  if (number.test(first)) return html`<ol>${itemsOf(lines, number).map((item) => html`<li>${inline(item)}</li>`)}</ol>`;
  return html`<p>${inline(lines.join('\n'))}</p>`;
}

/** A line that does not begin an item goes on with the one before. */
function itemsOf(lines: readonly string[], mark: RegExp): string[] {
  const items: string[] = [];
  for (const line of lines) {
    if (mark.test(line)) items.push(line.replace(mark, ''));
    else items.push(`${items.pop() ?? ''} ${line.trim()}`);
  }
  return items;
}

const inlineForms = /(`+)(.+?)\1|\[([^\]]+)\]\(([^)\s]+)\)|\*\*(.+?)\*\*|\*([^*\s](?:[^*]*[^*\s])?)\*/gs;

function inlineMarkup(text: string, resolve: ResolveLink): Markup {
  const parts: (string | Markup)[] = [];
  let end = 0;
  for (const match of text.matchAll(inlineForms)) {
    parts.push(text.slice(end, match.index), formMarkup(match, resolve));
    end = match.index + match[0].length;
  }
  return html`${[...parts, text.slice(end)]}`;
}

function formMarkup([, , code, label, href, strong, emphasis]: RegExpMatchArray, resolve: ResolveLink): Markup {
  if (code !== undefined) return html`<code>${code.trim()}</code>`;
  if (strong !== undefined) return html`<strong>${inlineMarkup(strong, resolve)}</strong>`;
  if (emphasis !== undefined) return html`<em>${inlineMarkup(emphasis, resolve)}</em>`;
  const target = resolve(href ?? '');
  return target === undefined
    ? inlineMarkup(label ?? '', resolve)
    : html`<a href="${target}">${inlineMarkup(label ?? '', resolve)}</a>`;
}
