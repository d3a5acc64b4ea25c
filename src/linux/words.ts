/** What is said of a description that makes no sense: the place, what stands there, and what to write instead. */

/** A description that makes no sense; the message says what to do. */
export class WorldError extends Error {
  override readonly name = 'WorldError';
}

export function refuse(message: string): never {
  throw new WorldError(message);
}

export const range = (count: number) => (count === 1 ? '0 only' : `0 to ${count - 1}`);
export const hex = (address: number) => `0x${address.toString(16)}`;
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value as a description shows it. */
export function show(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'string') return `'${value}'`;
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  return isRecord(value) ? `{ ${Object.keys(value).join(', ')} }` : String(value);
}

export function onlyKeys(value: unknown, what: string, keys: readonly string[]): void {
  if (!isRecord(value)) refuse(`${what} is ${show(value)}: write { ${keys.join(', ')} }`);
  for (const key of Object.keys(value)) {
    if (!keys.includes(key)) refuse(`${what} has no "${key}": it has ${keys.join(', ')}`);
  }
}

export function named(
  value: unknown,
  what: string,
  form: RegExp,
  example: string,
  rule = ' of letters, digits and _',
): void {
  if (!isRecord(value) || Object.keys(value).length === 0)
    refuse(`${what} is ${isRecord(value) ? 'empty' : show(value)}: write ${example}`);
  for (const name of Object.keys(value)) {
    if (!form.test(name)) refuse(`${what}: '${name}' is no name: use a name${rule}`);
  }
}

export function known<T>(name: string, among: Readonly<Record<string, T>>, where: string, what: string): T {
  if (typeof name === 'string' && Object.hasOwn(among, name)) return among[name] as T;
  refuse(`${where}: there is no ${what} ${show(name)}; there is ${Object.keys(among).join(', ')}`);
}

export function oneOf(value: unknown, what: string, among: readonly (string | boolean | number)[]): void {
  if (value === undefined || among.includes(value as string)) return;
  refuse(`${what} is ${show(value)}: write ${among.map(show).join(' or ')}`);
}
