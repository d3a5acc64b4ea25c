/** The verdict: one JSON form for both faces. Nothing that one JavaScript engine says differently from another is in it, `native` aside. */

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Engine, Trace } from '#explore';

export const schema = 'faultline/verdict/1';

export interface Verdict {
  readonly schema: typeof schema;
  /** The version of the course that judged. */
  readonly course: string;
  readonly exercise: string;
  /** SHA-256 of the submission's text with LF. */
  readonly submission: string;
  readonly outcome: Outcome;
  readonly errors: readonly SourceError[];
  readonly checks: readonly Check[];
}

/**
 * `broken`: the submission does not compile, and no check ran. `stopped`: its run was ended from outside (it hung, it took all
 * the memory, or somebody asked).
 */
export type Outcome = 'passed' | 'failed' | 'broken' | 'stopped';

export interface SourceError {
  readonly line: number;
  /** Where it is the learner's own. */
  readonly column?: number;
  readonly message: Message;
}

/** A text of the catalogue (texts.ts) with its values, and its English. */
export interface Message {
  readonly id: string;
  readonly values: Readonly<Record<string, string | number>>;
  readonly text: string;
}

export type Status = 'passed' | 'failed' | 'hung' | 'undecided' | 'not run';

export interface Check {
  readonly id: string;
  readonly name: string;
  readonly stage: number;
  readonly status: Status;
  readonly message?: Message;
  /** Only where the evidence separates it from the others. */
  readonly misconception?: string;
  /** The misconception's text (Markdown): what happened, why, which rule it breaks. */
  readonly because?: string;
  /** Where to read about it: a link as it stands in that text. */
  readonly lesson?: string;
  readonly explored?: Explored;
  /** With its full prefix: `1.<check id>.<n>.<fingerprint>~A3-B2-A`. */
  readonly schedule?: string;
  readonly trace?: Trace;
  /** An exception's own words. They differ between JavaScript engines, and are outside the equality of verdicts. */
  readonly native?: string;
}

/** What was explored, summed over the programs of a check. */
export interface Explored {
  /** Which engine proved it; `both`, where one did for some of the programs. */
  readonly engine: Engine | 'both';
  readonly executions?: number;
  readonly states?: number;
  /** A decimal string. */
  readonly interleavings?: string;
  /** How many, if more than one. */
  readonly programs?: number;
  readonly complete: boolean;
}

/** Sorted by code unit, two spaces, LF at the end: the same bytes everywhere. */
export function canonicalJson(value: unknown): string {
  return `${write(JSON.parse(JSON.stringify(value)), '\n')}\n`;
}

/** `JSON.stringify` would put keys that look like numbers first, however they were sorted. */
function write(value: unknown, line: string): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const inner = `${line}  `;
  const [open, close, parts] = Array.isArray(value)
    ? ['[', ']', value.map((each) => write(each, inner))]
    : ['{', '}', entriesOf(value).map(([key, each]) => `${JSON.stringify(key)}: ${write(each, inner)}`)];
  return parts.length === 0 ? open + close : `${open}${inner}${parts.join(`,${inner}`)}${line}${close}`;
}

const entriesOf = (value: object) => Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));

/** A verdict without what an engine says in its own words: what must be equal in both faces. */
export function withoutNative(verdict: Verdict): Verdict {
  return { ...verdict, checks: verdict.checks.map(({ native: _, ...check }) => check) };
}

/** In characters: a hundred times what the longest solution has. What is much longer takes minutes and gigabytes to read. */
export const longestSubmission = 500_000;

/** SHA-256 of a submission; one that is too long to be read is not hashed either, and has that of the empty text. */
export function submissionHash(source: string): string {
  return sha256Of(source.length > longestSubmission ? '' : source);
}

/** The text as it is hashed and compiled: LF, no byte order mark. */
export function normalise(source: string): string {
  return source.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
}

/** SHA-256 in hexadecimal, of the text with LF. Works without `crypto.subtle`, which a page served over http does not have. */
export function sha256Of(source: string): string {
  return bytesToHex(sha256(utf8Of(normalise(source))));
}

/** Without `TextEncoder`: a hardened realm has none. */
function utf8Of(text: string): Uint8Array {
  const bytes = encodeURIComponent(text.toWellFormed()).replace(/%(..)/g, (_, hex) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Uint8Array.from(bytes, (byte) => byte.charCodeAt(0));
}

/** `passed` when every check has. */
export function outcomeOf(checks: readonly Check[]): Outcome {
  if (checks.some((check) => check.status === 'hung')) return 'stopped';
  return checks.length > 0 && checks.every((check) => check.status === 'passed') ? 'passed' : 'failed';
}
