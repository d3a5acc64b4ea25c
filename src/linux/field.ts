/** Fields that only some worlds change: there a cell, and everywhere else the value itself, which costs no states. */

import { type Cell, getAs, type Snapshot } from '#explore';
import type { Kernel } from './kernel.ts';

export type Field<T extends number | boolean> = Cell<T> | T;

/** Reads the field, plainly, and learns only `project(value)`. */
export function* fieldAs<T extends number | boolean, R>(
  field: Field<T>,
  project: (value: T) => R,
  called: string,
): Kernel<R> {
  return typeof field === 'object' ? yield* getAs(field, project, called) : project(field);
}

/** What it holds at that moment. */
export const fieldNow = <T extends number | boolean>(field: Field<T>, now: Snapshot): T =>
  typeof field === 'object' ? now.get(field) : field;

/** The cell of a field that is about to be written. */
export function cellOf<T extends number | boolean>(field: Field<T>, name: string): Cell<T> {
  if (typeof field === 'object') return field;
  throw new Error(`${name} cannot change: no deed of this world foresees it`);
}
