/** The YAML between `---` lines at the top of a page, and its fields, read with a message for each that is not as it should be. */

import { LineCounter, parseDocument } from 'yaml';
import type { Problem } from './problem.ts';

export interface Page {
  readonly file: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly body: string;
  /** The line of the file on which the body begins. */
  readonly bodyLine: number;
  readonly problems: readonly Problem[];
}

const FENCED = /^---\r?\n([\s\S]*?)^---[ \t]*(?:\r?\n|$)/m;

/** Splits a page into its front matter's fields and its body. A page without front matter is all body, and a problem. */
export function parsePage(file: string, text: string): Page {
  const found = text.startsWith('---') ? FENCED.exec(text) : null;
  if (!found) return { file, fields: {}, body: text, bodyLine: 1, problems: [noFrontMatter(file)] };
  const body = text.slice(found[0].length);
  const bodyLine = found[0].split('\n').length;
  return { file, body, bodyLine, ...parseFields(file, found[1] ?? '') };
}

function noFrontMatter(file: string): Problem {
  return {
    file,
    line: 1,
    rule: 'a page begins with its front matter',
    advice: 'No lines between two `---` were found at the top: add them.',
  };
}

function parseFields(file: string, yaml: string): Pick<Page, 'fields' | 'problems'> {
  const lines = new LineCounter();
  const parsed = parseDocument(yaml, { lineCounter: lines, prettyErrors: false });
  const problems = parsed.errors.map((error) => ({
    file,
    // One line further down: that of the opening `---`.
    line: lines.linePos(error.pos[0]).line + 1,
    rule: 'front matter is YAML',
    advice: error.message,
  }));
  if (problems.length > 0) return { fields: {}, problems };
  const fields: unknown = parsed.toJS();
  if (fields === null) return { fields: {}, problems };
  if (typeof fields === 'object' && !Array.isArray(fields)) return { fields: { ...fields }, problems };
  const advice = 'It is a single value or a list: write `name: value` lines.';
  return { fields: {}, problems: [{ file, line: 2, rule: 'front matter is a list of named fields', advice }] };
}

/** Reads the fields of one page; what is missing or of the wrong kind becomes a problem and an empty value. */
export class FieldReader {
  readonly problems: Problem[];
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.problems = [...page.problems];
  }

  text(name: string): string {
    return this.#read(name, isText, '', 'a line of text');
  }

  flag(name: string): boolean {
    return this.#read(name, (value) => typeof value === 'boolean', false, 'true or false');
  }

  /** A whole number from 1 up. */
  count(name: string): number {
    return this.#read(name, isCount, 1, 'a whole number from 1 up');
  }

  /** `[low, high]`, in whole numbers. */
  range(name: string): readonly [number, number] {
    return this.#read(name, isRange, [1, 1], 'a range such as [10, 20]');
  }

  texts(name: string): readonly string[] {
    return this.#read(name, isTexts, [], 'a list of texts, such as [one, two]');
  }

  /** As `texts`, but the field may be absent. */
  textsIfAny(name: string): readonly string[] {
    return name in this.#page.fields ? this.texts(name) : [];
  }

  #read<T>(name: string, fits: (value: unknown) => value is T, fallback: T, wanted: string): T {
    const value = this.#page.fields[name];
    if (fits(value)) return value;
    // One message for front matter that could not be read is enough.
    if (this.#page.problems.length === 0) {
      const found = value === undefined ? 'It is not there' : `It is ${JSON.stringify(value)}`;
      this.problems.push({
        file: this.#page.file,
        line: 1,
        rule: `front matter has \`${name}\`: ${wanted}`,
        advice: `${found}: write ${wanted}.`,
      });
    }
    return fallback;
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isText);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1;
}

function isRange(value: unknown): value is [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every(isCount) && Number(value[0]) <= Number(value[1]);
}
