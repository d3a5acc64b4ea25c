/**
 * Makes a realm safe to run a submission in, before it is loaded and after everything of ours is. An allow-list of globals, so
 * that what hosts add next year is out too; and intrinsics that cannot be patched, so that a wrong answer does not pass by
 * changing what judges it. It stops accidents and ready-made tricks; the walls are the thread or the sandboxed frame around it.
 */

/** The globals of the language: all that a submission has. No Proxy: it may answer whoever judges it otherwise than whoever runs it. */
export const languageGlobals: ReadonlySet<string> = new Set(
  `Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Date Promise RegExp Error
  AggregateError SuppressedError EvalError RangeError ReferenceError SyntaxError TypeError URIError globalThis JSON Math Intl
  ArrayBuffer Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array Float16Array Float32Array Float64Array
  Uint8ClampedArray BigUint64Array BigInt64Array DataView Map BigInt Set WeakMap WeakSet WeakRef Iterator Reflect console
  structuredClone queueMicrotask isNaN isFinite decodeURI decodeURIComponent encodeURI encodeURIComponent performance`.split(
    /\s+/,
  ),
);

// Names that people assign on their own objects. Frozen as plain data on a prototype, `error.message = …` would throw.
const assigned = [
  'toString',
  'constructor',
  'name',
  'message',
  'valueOf',
  'toJSON',
  'hasOwnProperty',
  'stack',
  'cause',
];

// They may change, and nothing that judges uses them.
const left = new Set(['console', 'globalThis', 'performance']);

/** Hardens this realm. Whatever the caller needs of it (`postMessage`) it must hold already. */
export function hardenRealm(): void {
  removeWaysOut();
  freezeIntrinsics();
  freezeBindings();
}

/** Removes every global that is not of the language. Own names first, then those inherited from the scope's prototypes. */
function removeWaysOut(): void {
  const eventTarget = Reflect.get(globalThis, 'EventTarget')?.prototype;
  for (
    let scope: object | null = globalThis;
    scope && scope !== Object.prototype;
    scope = Reflect.getPrototypeOf(scope)
  ) {
    for (const name of Object.getOwnPropertyNames(scope)) {
      if (name === 'constructor' || languageGlobals.has(name)) continue;
      // What other objects inherit too is only hidden here.
      const place = scope === eventTarget ? globalThis : scope;
      const isGone = place === scope && Reflect.deleteProperty(place, name);
      if (!isGone) Reflect.defineProperty(place, name, { value: undefined });
    }
  }
}

function freezeIntrinsics(): void {
  const seen = new Set<unknown>();
  for (const name of Reflect.ownKeys(globalThis)) {
    // Under symbols stands what hosts keep there, and change.
    if (typeof name === 'string' && !left.has(name)) freezeDeep(Reflect.get(globalThis, name), seen);
  }
  for (const hidden of hiddenIntrinsics()) freezeDeep(hidden, seen);
}

function hiddenIntrinsics(): (object | null)[] {
  const instances = [
    function* () {},
    async () => {},
    async function* () {},
    [][Symbol.iterator](),
    new Map().entries(),
    new Set().values(),
    ''[Symbol.iterator](),
    ''.matchAll(/./g),
  ];
  return instances.map((instance) => Reflect.getPrototypeOf(instance));
}

function freezeDeep(object: unknown, seen: Set<unknown>): void {
  if (object === null || (typeof object !== 'object' && typeof object !== 'function') || seen.has(object)) return;
  seen.add(object);
  for (const key of Reflect.ownKeys(object)) {
    const property = Reflect.getOwnPropertyDescriptor(object, key);
    if (!property) continue;
    if (mayBeAssigned(object, key, property)) makeAssignable(object, key, property.value);
    for (const value of [property.value, property.get, property.set]) freezeDeep(value, seen);
  }
  freezeDeep(Reflect.getPrototypeOf(object), seen);
  if (object === Error) freezeError();
  else Object.freeze(object);
}

/** All of it but how long stacks are: the engine sets that, and a frozen or accessor property would leave none. */
function freezeError(): void {
  const length = { value: 100, writable: true, enumerable: true, configurable: false };
  Reflect.defineProperty(Error, 'stackTraceLimit', length);
  for (const key of Reflect.ownKeys(Error)) {
    const isLength = key === 'stackTraceLimit';
    Reflect.defineProperty(Error, key, isLength ? length : { writable: false, configurable: false });
  }
  Object.preventExtensions(Error);
}

/**
 * Not what arrays, promises and regular expressions ask for which kind the next one is to be: with an accessor there, `map` takes five
 * times as long, and a grading a twentieth longer.
 */
function mayBeAssigned(object: object, key: PropertyKey, property: PropertyDescriptor): boolean {
  const isData = property.configurable === true && 'value' in property;
  const saysKind = key === 'constructor' && isData && Symbol.species in property.value;
  return isData && assigned.includes(String(key)) && typeof object !== 'function' && !saysKind;
}

/** Reads as before; an assignment through an object that inherits it defines it there. */
function makeAssignable(object: object, key: PropertyKey, value: unknown): void {
  Reflect.defineProperty(object, key, {
    get: () => value,
    set(this: object, own: unknown) {
      if (this === object) throw new TypeError(`cannot change ${String(key)}`);
      Reflect.defineProperty(this, key, { value: own, writable: true, enumerable: true, configurable: true });
    },
  });
}

/** The global names themselves: `Map = …` does nothing good either. */
function freezeBindings(): void {
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    const property = Reflect.getOwnPropertyDescriptor(globalThis, name);
    if (!property?.configurable) continue;
    const frozen =
      'value' in property ? { value: property.value, writable: false } : { get: property.get, set: undefined };
    Reflect.defineProperty(globalThis, name, { ...frozen, configurable: false });
  }
}
