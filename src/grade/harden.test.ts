import { Worker } from 'node:worker_threads';
import { beforeAll, describe, expect, test } from 'vitest';

/** What a submission might try in a hardened realm, each as an expression. */
const tries = {
  'globals of the host are gone':
    "['process', 'fetch', 'Buffer', 'WebAssembly', 'Proxy'].every((name) => typeof globalThis[name] === 'undefined')",
  'so are those that the scope inherits':
    "typeof inheritedWayOut === 'undefined' && !('inheritedWayOut' in Object.getPrototypeOf(globalThis))",
  'what events need stays, and is hidden in the scope':
    "typeof addEventListener === 'undefined' && typeof held.addEventListener === 'function'",
  'the language stays':
    "typeof Map === 'function' && typeof structuredClone === 'function' && typeof console.log === 'function'",
  'intrinsics cannot be patched':
    'throws(() => { Array.prototype.every = () => true; }) && throws(() => { Object.prototype.passed = true; })',
  'nor hidden ones':
    'throws(() => { Object.getPrototypeOf([][Symbol.iterator]()).next = null; }) && throws(() => { Object.getPrototypeOf(function* () {}).prototype.next = null; }) && throws(() => { Object.getPrototypeOf(async () => {}).constructor = null; })',
  'nor global names':
    'throws(() => { globalThis.Map = null; }) && throws(() => { Object.defineProperty(globalThis, "JSON", { value: null }); })',
  'nor how stacks are told': 'throws(() => { Error.prepareStackTrace = () => ""; })',
  'but how long they are may be set, and counts':
    '((Error.stackTraceLimit = 1), new Error("x").stack.split("\\n").length) === 2',
  'inherited names can be assigned on objects of one’s own':
    '((error, plain) => { error.message = "m"; error.name = "N"; plain.toString = () => "p"; return `${error}${plain}`; })(new Error("x"), {}) === "N: mp"',
  'and overridden in classes':
    '((Own) => String(new Own()))(class extends Error { toString() { return "own"; } }) === "own"',
  'an assigned name is a property like any other':
    'JSON.stringify(Object.getOwnPropertyDescriptor(Object.assign(new Error(), { name: "N" }), "name")) === JSON.stringify({ value: "N", writable: true, enumerable: true, configurable: true })',
  'the prototype itself stays as it is':
    'throws(() => { Error.prototype.message = "m"; }) && Error.prototype.message === ""',
  'arrays work as before':
    '[3, 1, 2].map((x) => x + 1).filter((x) => x > 2).sort().join() === "3,4" && [..."ab"].length === 2',
};

const thread = `
  import { parentPort, workerData } from 'node:worker_threads';
  const { hardenRealm } = await import(workerData.harden);
  const say = parentPort.postMessage.bind(parentPort);
  const inherited = { inheritedWayOut: { value: () => {}, configurable: true } };
  Object.setPrototypeOf(globalThis, Object.create(EventTarget.prototype, inherited));
  const make = new Function('expression', 'return new Function("throws", "held", "\\'use strict\\'; return " + expression)');
  const throws = (f) => { try { f(); return false; } catch { return true; } };
  const tries = Object.entries(workerData.tries).map(([name, expression]) => [name, make(expression)]);
  const started = performance.now();
  const held = new AbortController().signal;
  hardenRealm();
  const took = performance.now() - started;
  say({ took, results: tries.map(([name, run]) => { try { return [name, run(throws, held)]; } catch (error) { return [name, String(error)]; } }) });
`;

describe('a hardened realm', () => {
  let results = new Map<string, unknown>();

  beforeAll(async () => {
    const data = { tries, harden: new URL('./harden.ts', import.meta.url).href };
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(thread)}`), { workerData: data });
    const message = await new Promise<{ results: [string, unknown][] }>((resolve, reject) => {
      worker.once('message', resolve).once('error', reject);
    });
    results = new Map(message.results);
    await worker.terminate();
  });

  test.each(Object.keys(tries))('%s', (name) => {
    expect(results.get(name)).toBe(true);
  });
});
