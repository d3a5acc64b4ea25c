/** Names for the objects of a world, and the proof that nothing in it changes behind the engine's back. */

import { Cell, Completion, Lock } from './cells.ts';
import { isDerived } from './derived.ts';

const isObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';
const isOurs = (value: object) => value instanceof Cell || value instanceof Lock || value instanceof Completion;

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Array.isArray(value);
}

/** Numbers beyond this are addresses or bit fields, and read better in hexadecimal. */
const LARGEST_COUNT = 0xffff;

/** Each object's path in its world, both ways, so that histories can be told in one world and checked in another. */
export class Names {
  readonly #paths = new Map<object, string>();
  /** Filled when somebody asks: most searches never do. */
  readonly #objects = new Map<string, object>();
  #filled = 0;

  /** Freezes `value` and all it reaches. Throws, with the path, at what could change: class instances, maps, generators. */
  freeze(value: unknown, path: string): void {
    if (!isObject(value) || this.#paths.has(value)) return;
    this.#paths.set(value, path);
    if (typeof value === 'function' || isOurs(value)) return;
    if (!isPlain(value)) {
      throw new Error(
        `${path} is a ${value.constructor?.name ?? 'object'}: setup() may return plain objects, arrays, functions, cells and locks`,
      );
    }
    for (const key of Object.getOwnPropertyNames(value)) {
      const descriptor = Object.getOwnPropertyDescriptor(value, key) as PropertyDescriptor;
      if (descriptor.get && isDerived(descriptor.get)) continue;
      if (descriptor.get || descriptor.set)
        throw new Error(`${path}.${key} is a getter or setter: what setup() returns must be plain data`);
      if (!isObject(descriptor.value)) continue; // most are not, and a path is a text to make
      this.freeze(descriptor.value, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`);
    }
    Object.freeze(value);
  }

  /** The object's path; undefined for one that no world knows. */
  pathOf(value: object): string | undefined {
    return this.#paths.get(value);
  }

  at(path: string): object | undefined {
    if (this.#filled < this.#paths.size) for (const [object, name] of this.#paths) this.#objects.set(name, object);
    this.#filled = this.#paths.size;
    return this.#objects.get(path);
  }

  /** A value as text that no other value has. */
  tell(value: unknown): string {
    return (isObject(value) ? this.pathOf(value) : undefined) ?? this.show(value);
  }

  /** A value as traces show it. */
  show(value: unknown): string {
    if (typeof value === 'string') return JSON.stringify(value);
    if (typeof value === 'bigint') return `${value}n`;
    if (typeof value === 'number' && value > LARGEST_COUNT) return `0x${value.toString(16)}`;
    if (!isObject(value)) return String(value);
    const named = (value as { name?: unknown }).name;
    if (typeof named === 'string' && named) return named;
    return this.#paths.get(value) ?? (typeof value === 'function' ? 'function' : 'an unknown object');
  }
}
