import { describe, expect, it } from 'vitest';
import { compile, type Problem } from '../compile.ts';

function problems(source: string): readonly Problem[] {
  const result = compile(source);
  return 'errors' in result ? result.errors : [];
}

/** `line:column` of each problem. */
const places = (source: string) => problems(source).map(({ line, column }) => `${line}:${column ?? '-'}`);

describe('what a submission may not do is refused, with its line and what to do', () => {
  const refused: Record<string, readonly (readonly [source: string, message: string])[]> = {
    'state at the top level': [
      ['let count = 0;', '`count` would keep what one run leaves behind'],
      ['export let count = 0;', '`let` at the top level'],
      ['var a = 1, b;', '`a`, `b` would keep'],
      ['let { a, b: [c = 1, ...d], ...e } = x;', '`a`, `c`, `d`, `e` would keep'],
      ['if (x) { var y; }', '`var` at the top level'],
      ['for (var i = 0; i < 2; i++);', '`i` would keep'],
      ['using x = open();', '`x` would keep'],
    ],
    'collections at the top level': [
      ['const m = new Map();', 'a Map at the top level can change'],
      ['export const m = new Map<string, number>([["a", 1]]);', 'Move it into the function'],
      ['const s = new Set(), w = new WeakMap();', 'a Set'],
      ['const w = new WeakSet();', 'a WeakSet'],
      ['const state = { deep: [1, new Map()] };', 'a Map'],
      ['const bytes = new Uint8Array(4);', 'a Uint8Array'],
      ['const when = x ? new Date() : y;', 'a Date'],
      ['export default { seen: new Set() };', 'a Set'],
    ],
    'static fields': [
      ['class A { static count = 0; }', 'a static field would keep'],
      ['export class A { static #count = 0; }', 'a static field'],
      ['const A = class { static count: number; };', 'a static field'],
    ],
    'other modules': [
      ["import fs from 'node:fs';", "remove 'node:fs'"],
      ["import { readFileSync } from 'fs'; readFileSync('x');", "imports '#linux' and '#explore' only"],
      ["import './other.ts';", "remove './other.ts'"],
      ["import type { Stats } from 'node:fs';", "remove 'node:fs'"],
      ["import type {\n  Stats,\n} from 'node:fs';", "remove 'node:fs'"],
      ["import { type Stats } from 'node:fs';", "remove 'node:fs'"],
      ["export { x } from './other.ts';", "remove './other.ts'"],
      ["export type { X } from './other.ts';", "remove './other.ts'"],
      ["export * from '#linux';", 'Export by name'],
      ["const f = () => import('#linux');", 'remove import(…)'],
      ["const { x } = require('#linux');", 'remove require(…)'],
      ["import x = require('#linux');", 'remove require(…)'],
      ["import linux from '#linux';", "write `import { … } from '#linux'`"],
      ['module.exports = {};', 'Write `export`'],
      ['exports.f = 1;', 'Write `export`'],
      ['export = 1;', 'Write `export`'],
      ['const url = import.meta.url;', 'no `import.meta`'],
    ],
    'asynchronous code': [
      ['await x;', 'write concurrent code as `function*`'],
      ['for await (const x of y);', 'without `async` and `await`'],
      ['async function f() { await x; }', '`yield*`'],
      ['export const f = async () => {};', '`yield*`'],
      ['const o = { async m() {} };', '`yield*`'],
      ['class A { async *m() {} }', '`yield*`'],
      ['function f() { await x; }', '`yield*`'],
    ],
    'code from text': [
      ['eval("1");', '`eval` makes code out of text'],
      ['const f = () => (0, eval)("1");', '`eval`'],
      ['const f = new Function("return 1");', '`Function` makes code'],
      ['const f = () => Function("return 1")();', '`Function`'],
    ],
    'what stripping types cannot strip': [
      ['enum Colour { red }', 'write a `const` object instead'],
      ['export const enum Colour { red }', '`enum`'],
      ['function f() { enum Colour { red } }', '`enum`'],
      ['namespace N { export const a = 1; }', '`namespace`'],
      ['export namespace N { export const a = 1; }', '`namespace`'],
    ],
    '`yield*` in front of an operator': [
      ['function* f() { return yield* get(x) === 3; }', 'Write `(yield* get(x)) === 3`'],
      ['function* f() { return yield* get(x) === 3; }', 'read as `yield* (get(x) === 3)`'],
      ['function* f() { if (yield* a() + b) return; }', '`(yield* a()) + b`'],
      ['function* f() { return yield* a() + b() > 2 && c; }', '`(yield* a()) + b() > 2 && c`'],
      ['function* f() { return yield* get(x) ? 1 : 2; }', '`(yield* get(x)) ? 1 : 2`'],
      ['function* f() { return yield* get(x) ?? 1; }', '`(yield* get(x)) ?? 1`'],
      ['function* f() { return yield* get(x) && 1; }', '`(yield* get(x)) && 1`'],
      ['function* f() { return yield* !get(x); }', '`!(yield* get(x))`'],
      ['function* f() { return yield* !get(x) || !y; }', '`!(yield* get(x)) || !y`'],
      ['function* f() { return yield* (get(x)) === 3; }', '`(yield* (get(x))) === 3`'],
      ['function* f() { return yield* ((a() + b)) * 3; }', '`(yield* ((a() + b))) * 3`'],
      ['function* f() { yield* n = get(x); }', '`n = (yield* get(x))`'],
      ['function* f() { return yield* get(x) as number === 3; }', '`(yield* get(x)) === 3`'],
      ['function* f() { return yield* get(x) ===\n  3; }', '`(yield* get(x)) === 3`'],
    ],
    'what the grader needs for itself': [
      ['const __at = 1;', '`__at` is a name that the grader uses'],
      ['function f(__turn) {}', '`__turn`'],
      ["import { x as __freeze } from '#linux';", '`__freeze`'],
      ['const o = { *m() { return super.m(); } };', '`super` is not allowed in a generator method'],
      ['class A extends B { *m() { const f = () => super.m(); } }', '`super`'],
      ['export const f = (n) => n<!--n;', 'write `< !--`'],
    ],
  };
  for (const [what, table] of Object.entries(refused)) {
    describe(what, () => {
      it.each(table)('%s', (source, message) => {
        const found = problems(`// the first line\n${source}`);
        expect(found.map((each) => each.message).join('\n')).toContain(message);
        expect(found[0]?.line).toBe(2);
      });
    });
  }

  it('each once, in the order of the lines', () => {
    const source = 'const m = new Map(), n = new Map();\nlet a;\nawait a; await a;\n\n  let b;';
    expect(places(source)).toEqual(['1:11', '2:1', '3:1', '5:3']);
  });
});

describe('what is allowed', () => {
  it.each([
    ['literals', 'const a = [1, { b: [2] }], c = { d: () => 1 }, e = `x`, f = /x/;'],
    [
      'a collection in a function',
      'export function f() { const m = new Map(); let n = 0; var v = m; return () => new Set([n++, v]); }',
    ],
    ['a collection that is not kept', 'export const names = [...new Set(["a", "a"])], one = new Map([[1, 2]]).get(1);'],
    ['a collection in a block', 'const list = []; for (const x of [1]) { const m = new Map(); list.push(m.size); }'],
    ['let in a block or a loop', 'const a = []; for (let i = 0; i < 2; i++) { let j = i; a.push(j); }'],
    ['fields', 'class A { n = 0; #m = new Map(); } function f() { return class { static n = 0; }; }'],
    ['static methods', 'class A { static m() {} static get g() { return 1; } }'],
    [
      'types',
      "import type { A } from '#linux'; import { type B } from '#explore'; declare let x: A; declare namespace N { let y: B; }",
    ],
    [
      'what only looks like it',
      '// let x\n/* import type { A } from "y" */ const s = `\nlet x\nnamespace N {\nimport type { A } from "y"\n`;',
    ],
    [
      'names of its own',
      'const require = (x) => x, module = { exports: 1 }; require(module.exports); const o = { eval: 1, require: 2, let: 3 }; o.eval;',
    ],
    [
      'super where it works',
      'class A extends B { constructor() { super(); } m() { return super.m(); } *g() { return class extends A { n = super.n; m() { return super.m(); } }; } }',
    ],
    [
      '`yield*` with its brackets',
      'function* f() { return [(yield* a()) === 3, yield* (a ? b() : c()), yield* ( /* ( */ (a ?? b)), !(yield* a()), yield* a(1 + 2), yield* new A().b, yield* (a(), b())]; }',
    ],
    ['re-exports', "export { double } from '#linux'; import * as all from '#explore'; export { all };"],
  ])('%s', (_, source) => expect(problems(source)).toEqual([]));
});

describe('columns', () => {
  it.each([
    ['are told where the line is unchanged up to it', 'const x = 1; let y: number;', '1:14'],
    ['are left out behind a type', 'const x: number = 1; let y;', '1:-'],
    ['count from 1', 'let x;', '1:1'],
    ["are the learner's behind a byte order mark", '\uFEFFlet x;', '1:1'],
  ])('%s', (_, source, place) => expect(places(source)).toEqual([place]));
});
