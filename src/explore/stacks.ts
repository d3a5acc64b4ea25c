/** Call stacks as traces show them, from the text that JavaScript engines give. */

import type { Frame } from './program.ts';

/** The name under which a learner's file is compiled: frames of that file carry their line. */
export const submissionFile = 'exercise.ts';

/** Where a body's own frames end and the engine's begin. */
const ENGINE = 'resumeBody';

/** Innermost first: the functions between the operation and the start of the body. */
export function framesOf(stack: string | undefined, sourceOf: (functionName: string) => string | undefined): Frame[] {
  const frames: Frame[] = [];
  for (const text of (stack ?? '').split('\n')) {
    const called = parseFrame(text);
    if (!called) continue;
    if (called.name === ENGINE) break;
    const line = called.file.endsWith(submissionFile) ? called.line : undefined;
    const file = line === undefined ? sourceOf(called.name) : undefined;
    if (line !== undefined) frames.push({ function: called.name, line });
    else if (file !== undefined) frames.push({ function: called.name, file });
  }
  return frames;
}

/** What was thrown, in the words of the JavaScript engine, with the line of the learner's file that it comes from. */
export function tellThrown(error: unknown): string {
  try {
    const frames = error instanceof Error ? String(error.stack).split('\n').map(parseNewFrame) : [];
    const own = frames.find((frame) => frame?.file.endsWith(submissionFile));
    return own ? `${error} (line ${own.line})` : String(error);
  } catch {
    return 'an object that cannot be shown';
  }
}

interface Called {
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

/** A line of a stack stands in thousands of others: what was read of it is kept. There are as many as places in the code. */
const read = new Map<string, Called | undefined>();

function parseFrame(text: string): Called | undefined {
  if (!read.has(text)) read.set(text, parseNewFrame(text));
  return read.get(text);
}

/** `at name (file:line:column)` of V8, `name@file:line:column` of the others. */
function parseNewFrame(text: string): Called | undefined {
  const ofV8 = /^\s*at (?:(?:async |new )?(\S+)(?: \[as \S+\])? \()?(.*):(\d+):\d+\)?$/;
  const match = ofV8.exec(text) ?? /^([^@]*)@(.*):(\d+):\d+$/.exec(text);
  if (!match) return undefined;
  const [, name = '', file = '', line] = match;
  return { name: plainName(name), file, line: Number(line) };
}

/** The compile step names a registered generator function `name$`, or with more of them where that is taken. */
function plainName(name: string): string {
  const last = name.replace(/\*$/, '').split('.').at(-1) ?? '';
  return last.replace(/\$+$/, '') || 'anonymous';
}
