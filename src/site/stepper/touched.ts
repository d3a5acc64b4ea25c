/** Which locks and which state of the machine an execution has to do with: the rest would only be in the way of who looks. */

import type { Trace } from '#explore';
import { machineFacts } from './picture.ts';

/** How a thing stands that nobody has touched. */
const untouched = new Set(['free', '', 'enabled', 'D0']);

/** What is looked at although it may never change. A load asks the device too, but that is no question of the driver's. */
const looks: Readonly<Record<string, RegExp>> = {
  vma_list: /\bvma_list\b/,
  memory: /^(?!access\().*\bPCI_COMMAND\b/,
};

const known = new WeakMap<Trace, ReadonlySet<string>>();

/** Names, as the picture has them. */
export function touchedIn(trace: Trace): ReadonlySet<string> {
  const found = known.get(trace) ?? new Set([...changedIn(trace), ...lookedAtIn(trace)]);
  known.set(trace, found);
  return found;
}

function changedIn({ picture, steps }: Trace): string[] {
  const moments = [{ picture, waits: [] }, ...steps.map((step) => ({ picture: step.picture, waits: step.blocked }))];
  return moments.flatMap(machineFacts).flatMap(({ name, value }) => (untouched.has(value) ? [] : [name]));
}

function lookedAtIn({ steps }: Trace): string[] {
  const operations = steps.flatMap((step) => [step.operation, ...step.plain.map(({ operation }) => operation)]);
  return Object.entries(looks).flatMap(([name, look]) => (operations.some((text) => look.test(text)) ? [name] : []));
}
