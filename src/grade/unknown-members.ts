/** What to say of a member that no object of the course has, and none of the language. */

import { members } from './compile/members.ts';
import { languageGlobals } from './harden.ts';
import type { ImportTable } from './load.ts';
import { nearest } from './nearest.ts';

/** Whether anything that a submission meets has a member of that name; the file’s own aside. */
export function isMember(name: string, table: ImportTable): boolean {
  return known.has(name) || Object.values(table).some((names) => Object.hasOwn(names, name)) || ofLanguage().has(name);
}

export function sayNoMember(name: string): string {
  const guess = meant(name, members);
  return `Nothing here has a member \`${name}\`. ${guess ? `Did you mean \`${guess}\`?` : 'Look at its spelling.'}`;
}

/** The name that was probably meant: one that goes on or begins in another way (`addr`, `start`), or the nearest in letters. */
export function meant(name: string, names: readonly string[]): string | undefined {
  const longer = names.filter((each) => name.length > 2 && (each.startsWith(name) || each.endsWith(`_${name}`)));
  const byLength = longer.toSorted((one, other) => one.length - other.length || (one < other ? -1 : 1));
  return byLength[0] ?? nearest(name, names);
}

const known = new Set(members);

let found: ReadonlySet<string> | undefined;

/** Of everything that the language’s own objects have. */
function ofLanguage(): ReadonlySet<string> {
  found ??= new Set(
    [...languageGlobals].flatMap((name) => namesOf(Reflect.get(globalThis, name))).concat(ofGenerators),
  );
  return found;
}

const isObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

function namesOf(value: unknown): string[] {
  if (!isObject(value)) return [];
  const prototype = Object.getOwnPropertyDescriptor(value, 'prototype')?.value;
  return [value, prototype].filter(isObject).flatMap((each) => Object.getOwnPropertyNames(each));
}

const ofGenerators = ['next', 'return', 'throw', 'done', 'value', 'index', 'input', 'groups', 'indices', 'raw'];
