/** What to say of a name that nobody declares. */

import type { ImportTable } from './load.ts';
import { nearest } from './nearest.ts';

/** What C or its kernel has under a name, and the course in another way. */
const instead: Readonly<Record<string, string>> = {
  NULL: '`NULL` is written `null`.',
  TRUE: '`TRUE` is written `true`.',
  FALSE: '`FALSE` is written `false`.',
  sizeof: 'There is no `sizeof`: an object has no size, and is made by writing `{ … }`.',
  likely: 'There is no `likely`: write the condition alone.',
  unlikely: 'There is no `unlikely`: write the condition alone.',
};

/** `declared`: the names that the file declares. */
export function sayUndeclared(name: string, declared: readonly string[], table: ImportTable): string {
  if (Object.hasOwn(instead, name)) return String(instead[name]);
  if (name.startsWith('list_for_each'))
    return 'Go through a list with `for (const entry of yield* entriesOf(head)) { … }`.';
  const from = Object.keys(table).find((module) => Object.hasOwn(table[module] ?? {}, name));
  if (from) return `\`${name}\` is in '${from}': add it to the import at the top.`;
  const guess = nearest(name, declared) ?? nearest(name, Object.values(table).flatMap(Object.keys));
  const advice = guess ? `Did you mean \`${guess}\`?` : 'A name is declared with `const` or `let`, or imported.';
  return `Nothing here is called \`${name}\`. ${advice}`;
}
