import { expect, test } from 'vitest';
import { importTable } from './imports.ts';
import { sayUndeclared } from './undeclared.ts';

test.each([
  ['mutex_lock', "`mutex_lock` is in '#linux': add it to the import at the top."],
  ['compareAndSwap', "`compareAndSwap` is in '#explore': add it to the import at the top."],
  ['mutex_lok', 'Nothing here is called `mutex_lok`. Did you mean `mutex_lock`?'],
  ['entrys', 'Nothing here is called `entrys`. Did you mean `entries`?'],
  ['toString', 'Nothing here is called `toString`. A name is declared with `const` or `let`, or imported.'],
  ['fetch', 'Nothing here is called `fetch`. A name is declared with `const` or `let`, or imported.'],
  ['NULL', '`NULL` is written `null`.'],
  ['unlikely', 'There is no `unlikely`: write the condition alone.'],
  ['list_for_each_entry_safe', 'Go through a list with `for (const entry of yield* entriesOf(head)) { … }`.'],
])('%s', (name, text) => expect(sayUndeclared(name, ['entries', 'vma'], importTable())).toBe(text));
