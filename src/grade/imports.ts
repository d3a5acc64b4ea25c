/** What a submission may import: the fixed table, with every generator function reporting its calls, so that none is forgotten. */

import * as explore from '#explore';
import { registered } from '#explore/calls';
import * as linux from '#linux';
import type { ImportTable } from './load.ts';

const generatorFunction = Object.getPrototypeOf(function* () {});

/** The table for one grade. */
export function importTable(): ImportTable {
  return { '#explore': tableOf(explore), '#linux': tableOf(linux) };
}

function tableOf(module: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.freeze(
    Object.fromEntries(Object.entries(module).map(([name, value]) => [name, reporting(name, value)])),
  );
}

function reporting(name: string, value: unknown): unknown {
  if (typeof value !== 'function' || Object.getPrototypeOf(value) !== generatorFunction) return value;
  return registered(name, value as (...args: never[]) => Generator);
}
