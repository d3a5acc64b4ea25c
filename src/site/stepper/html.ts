/**
 * Markup as text, the same in a build and in a page. Whatever is put in is escaped: traces and verdicts hold what learners,
 * and those who send them links, have written.
 */

export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

type Part = Markup | string | number | false | undefined | null | readonly Part[];

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Tag for templates: parts are escaped, lists joined, `false` and `undefined` left out. Names in code are not to be translated. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.reduce((text, literal, at) => text + asText(parts[at - 1]) + untranslated(literal), ''));
}

const untranslated = (markup: string): string => markup.replaceAll('<code>', '<code translate="no">');

function asText(part: Part): string {
  if (part instanceof Markup) return part.text;
  if (Array.isArray(part)) return part.map(asText).join('');
  if (part === false || part === undefined || part === null) return '';
  return String(part).replace(/[&<>"']/g, (character) => escapes[character] ?? character);
}
