/**
 * Named fields in YAML, read with a message for each that is not as it should be: those between `---` lines at the top of a page, and
 * files that hold nothing else.
 */

import { isNode, LineCounter, parseDocument } from 'yaml';
import { nearest } from './nearest.ts';
import type { Problem } from './problem.ts';

export interface Fields {
  readonly file: string;
  /** What they stand in, for a message: `front matter`. */
  readonly called: string;
  /** Where they begin. */
  readonly line: number;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly problems: readonly Problem[];
}

export interface Page extends Fields {
  readonly body: string;
  /** The line of the file on which the body begins. */
  readonly bodyLine: number;
}

/** A file that is all fields. */
export interface FieldFile extends Fields {
  /** On which line a value stands, such as that of `['items', 2]`; the first one for what is not there. */
  lineOf(path: readonly (string | number)[]): number;
}

const FENCED = /^---\r?\n([\s\S]*?)^---[ \t]*(?:\r?\n|$)/m;

/** Splits a page into its front matter's fields and its body. A page without front matter is all body, and a problem. */
export function parsePage(file: string, text: string): Page {
  const called = 'front matter';
  const found = text.startsWith('---') ? FENCED.exec(text) : null;
  if (!found)
    return { file, called, line: 1, fields: {}, body: text, bodyLine: 1, problems: [noFrontMatter(file, called)] };
  const body = text.slice(found[0].length);
  const bodyLine = found[0].split('\n').length;
  // One line further down: that of the opening `---`.
  return { ...parseFields({ file, called, line: 1 }, found[1] ?? '', 1), body, bodyLine };
}

/** Reads a file of fields. `called`: what it is, for a message. */
export function parseFieldFile(file: string, called: string, text: string): FieldFile {
  return parseFields({ file, called, line: 1 }, text, 0);
}

function noFrontMatter(file: string, called: string): Problem {
  return {
    file,
    line: 1,
    rule: `a page begins with its ${called}`,
    advice: 'No lines between two `---` were found at the top: add them.',
  };
}

function parseFields(place: Pick<Fields, 'file' | 'called' | 'line'>, yaml: string, linesBefore: number): FieldFile {
  const { file, called } = place;
  const lines = new LineCounter();
  const parsed = parseDocument(yaml, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number) => lines.linePos(offset).line + linesBefore;
  const lineOf = (path: readonly (string | number)[]) => {
    const node = parsed.getIn(path, true);
    return isNode(node) && node.range ? lineAt(node.range[0]) : place.line;
  };
  const problems = parsed.errors.map((error) => ({
    file,
    line: lineAt(error.pos[0]),
    rule: `${called} is YAML`,
    advice: error.message,
  }));
  if (problems.length > 0) return { ...place, fields: {}, problems, lineOf };
  const fields: unknown = parsed.toJS();
  if (fields === null) return { ...place, fields: {}, problems, lineOf };
  if (isRecord(fields)) return { ...place, fields: { ...fields }, problems, lineOf };
  const rule = `${called} is a list of named fields`;
  const advice = 'It is a single value or a list: write `name: value` lines.';
  return { ...place, fields: {}, problems: [{ file, line: 1 + linesBefore, rule, advice }], lineOf };
}

/** Named values, and not a list of them or a single one. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads fields one by one; what is missing or of the wrong kind becomes a problem and an empty value. */
export class FieldReader {
  readonly problems: Problem[];
  readonly #of: Fields;

  constructor(fields: Fields) {
    this.#of = fields;
    this.problems = [...fields.problems];
  }

  has(name: string): boolean {
    return name in this.#of.fields;
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

  /** As `count`, but the field may be absent. */
  countIfAny(name: string): number | undefined {
    return this.has(name) ? this.count(name) : undefined;
  }

  /** As `text`, but the field may be absent. */
  textIfAny(name: string): string | undefined {
    return this.has(name) ? this.text(name) : undefined;
  }

  /** One of some values; undefined where the field is absent. */
  choiceIfAny<T extends string | boolean>(name: string, choices: readonly T[]): T | undefined {
    if (!this.has(name)) return undefined;
    const isChoice = (value: unknown): value is T => choices.includes(value as T);
    return this.#read<T | undefined>(name, isChoice, undefined, choices.join(' or '));
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
    return this.has(name) ? this.texts(name) : [];
  }

  /** A list of anything, with something in it. */
  list(name: string): readonly unknown[] {
    const isList = (value: unknown): value is unknown[] => Array.isArray(value) && value.length > 0;
    return this.#read(name, isList, [], 'a list');
  }

  /** Makes a problem of each field of another name: a slip in one that may be absent would go unnoticed. */
  expectOnly(names: readonly string[]): void {
    for (const name of Object.keys(this.#of.fields).filter((each) => !names.includes(each))) {
      const [meant] = nearest(name, names);
      const advice = meant === undefined ? `There are ${names.join(', ')}.` : `Did you mean "${meant}"?`;
      this.problem(`${this.#of.called} has no \`${name}\``, advice);
    }
  }

  /** What is wrong with all of it. */
  problem(rule: string, advice: string): void {
    this.problems.push({ file: this.#of.file, line: this.#of.line, rule, advice });
  }

  #read<T>(name: string, fits: (value: unknown) => value is T, fallback: T, wanted: string): T {
    const value = this.#of.fields[name];
    if (fits(value)) return value;
    // One message for fields that could not be read is enough.
    if (this.#of.problems.length === 0) {
      const found = value === undefined ? 'It is not there' : `It is ${JSON.stringify(value)}`;
      this.problem(`${this.#of.called} has \`${name}\`: ${wanted}`, `${found}: write ${wanted}.`);
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
