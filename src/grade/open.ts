/** From a submission's text to its exports. */

import { at, beginRun, called, turn } from '#explore/calls';
import { compile, type Problem } from './compile.ts';
import { importTable } from './imports.ts';
import { type Evaluate, load, Refused } from './load.ts';
import type { Exports } from './submission.ts';
import { uses } from './uses.ts';

export type Opened = { readonly exports: Exports } | { readonly errors: readonly Problem[] };

/** Compiles and evaluates the submission. Throws what its own top-level code throws. */
export function openSubmission(source: string, evaluate: Evaluate): Opened {
  const compiled = compile(source);
  if ('errors' in compiled) return compiled;
  beginRun();
  try {
    return { exports: load(compiled, { at, called, turn, use: uses }, importTable(), evaluate) };
  } catch (error) {
    if (error instanceof Refused) return { errors: error.errors };
    throw error;
  }
}
