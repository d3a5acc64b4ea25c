/** What a submission keeps at its top level must not change while programs run: it is frozen once the file has run. */

/** Something that cannot be frozen: where it is, and what. */
export interface Changeable {
  readonly path: string;
  readonly what: string;
}

/**
 * Freezes a value and all it reaches: plain objects, arrays, functions. Returns the first thing that cannot be frozen. A getter is
 * such a thing: it may answer a grader that looks at it otherwise than the kernel that runs it.
 */
export function deepFreeze(value: unknown, path: string, seen = new Set<unknown>()): Changeable | undefined {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return undefined;
  seen.add(value);
  const isOther = typeof value === 'object' && !isPlain(value);
  if (isOther && !isSettled(value)) return { path, what: kindOf(value) };
  const getter = typeof value === 'object' ? getterOf(value) : undefined;
  if (getter !== undefined) return { path: `${path}.${getter}`, what: 'getter' };
  if (isOther) return undefined;
  for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
    // A function's prototype is where its instances look, not what it keeps.
    if (typeof value === 'function' && key === 'prototype') continue;
    const found = deepFreeze(descriptor.value, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`, seen);
    if (found) return found;
  }
  Object.freeze(value);
  return undefined;
}

/** The name of a getter that the learner's own text has given it, by itself or through a class. */
function getterOf(value: object): string | undefined {
  for (let at: object | null = value; at && !ofTheLanguage.has(at); at = Object.getPrototypeOf(at)) {
    const place = at;
    const name = Reflect.ownKeys(place).find((key) => Reflect.getOwnPropertyDescriptor(place, key)?.get);
    if (name !== undefined) return String(name);
  }
  return undefined;
}

const ofTheLanguage = new Set<object>([Object.prototype, Array.prototype, RegExp.prototype]);

/** Of any realm: a plain object's prototype is the last of its chain. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** The kernel's own frozen objects; and regular expressions that do not remember where they were. */
function isSettled(value: object): boolean {
  if (value instanceof RegExp) return !value.global && !value.sticky;
  return Object.isFrozen(value) && tagOf(value) === 'Object';
}

const tagOf = (value: object) => Object.prototype.toString.call(value).slice(8, -1);

const kindOf = (value: object) => (tagOf(value) === 'Object' ? (value.constructor?.name ?? 'object') : tagOf(value));
