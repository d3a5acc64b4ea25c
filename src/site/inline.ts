import { wholeWords } from './whole-words.ts';

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** The one bit of Markdown that texts in properties may hold: `code` in backticks. Everything else is escaped. */
export function inlineHtml(text: string): string {
  return text
    .replace(/[&<>"]/g, (sign) => escapes[sign] ?? sign)
    .replace(/`([^`]+)`/g, (_, code: string) => `<code>${wholeWords(code)}</code>`);
}
