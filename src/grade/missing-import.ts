/** A name that the course exports, used without being imported: the first thing that a newcomer's file stumbles over. */

import { moduleOf } from './imports.ts';
import { say } from './texts.ts';
import type { Message } from './verdict.ts';

/** What an exception's words come to, if they say that an import is missing. The words differ between engines, the name does not. */
export function sayMissingImport(words: string): Message | undefined {
  const [, name = ''] = /^ReferenceError: (?:Can't find variable: )?(\w+)/.exec(words) ?? [];
  const from = moduleOf(name);
  return from === undefined ? undefined : say('not imported', { name, from: `'${from}'` });
}
