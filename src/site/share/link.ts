/**
 * Links that carry an exercise's text, and the schedule that it was shown with: `#share=1.…`, JSON, compressed by the browser itself, in
 * characters that a URL leaves alone. Nothing of it reaches a server: it stands behind the `#`.
 */

import { longestSubmission } from '#grade/verdict';

export interface Shared {
  readonly exercise: string;
  readonly code: string;
  /** With its full prefix, `1.<check id>.<n>.<fingerprint>~A3-B2-A`. */
  readonly schedule?: string;
}

/** What is wrong with a link, for its reader. */
export class BadLink extends Error {}

const FORM = '1';
const start = '#share=';
/** Of the text before it is compressed: more cannot be an answer. */
const most = longestSubmission + 10_000;

export const isShareLink = (hash: string): boolean => hash.startsWith(start);

/** The fragment, with its `#`. */
export async function fragmentOf(shared: Shared): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(shared));
  return `${start}${FORM}.${toBase64Url(await through(new CompressionStream('deflate-raw'), bytes, Infinity))}`;
}

/** Reads a fragment. Throws BadLink for one that is torn, was made by a newer version, or is larger than any answer. */
export async function readFragment(hash: string): Promise<Shared> {
  const [form = '', ...data] = hash.slice(start.length).split('.');
  if (/^\d+$/.test(form) && Number(form) > Number(FORM))
    throw new BadLink('This link was made by a newer version of the course. Reload the page: there may be one.');
  if (form !== FORM) throw torn();
  const text = await inflated(data.join('.'));
  return sharedIn(text);
}

const torn = () => new BadLink('This link is not whole. Ask for it again, and copy all of it.');

async function inflated(data: string): Promise<string> {
  try {
    const bytes = await through(new DecompressionStream('deflate-raw'), fromBase64Url(data), most);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw error instanceof BadLink ? error : torn();
  }
}

function sharedIn(text: string): Shared {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw torn();
  }
  const { exercise, code, schedule } = (value ?? {}) as Record<string, unknown>;
  if (typeof exercise !== 'string' || !/^[a-z0-9-]+$/.test(exercise) || typeof code !== 'string') throw torn();
  if (schedule !== undefined && typeof schedule !== 'string') throw torn();
  return { exercise, code, ...(schedule === undefined ? {} : { schedule }) };
}

/** The bytes, sent through; stops, with an error, as soon as there are more than so many. */
async function through(
  { readable, writable }: CompressionStream | DecompressionStream,
  bytes: Uint8Array<ArrayBuffer>,
  limit: number,
): Promise<Uint8Array> {
  const writer = writable.getWriter();
  const written = writer.write(bytes).then(() => writer.close());
  const reader = (readable as ReadableStream<Uint8Array>).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      parts.push(read.value);
      length += read.value.length;
      if (length > limit) throw new BadLink('This link holds more text than any answer has.');
    }
    await written;
  } finally {
    written.catch(() => undefined);
    reader.cancel().catch(() => undefined);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function toBase64Url(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[\w-]*$/.test(text)) throw torn();
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
}
