import { runInThisContext } from 'node:vm';
import fc from 'fast-check';
import { transform } from 'sucrase';
import { describe, expect, it } from 'vitest';
import { linux, observed, runner } from './testing.ts';

const run = runner((expression) => runInThisContext(expression, { filename: 'exercise.ts' }));

/** The same file as a real module, with nothing written into it. */
async function runPlain(source: string): Promise<Record<string, unknown>> {
  const { code } = transform(source, { transforms: ['typescript'], disableESTransforms: true });
  const names = Object.keys(linux).join(', ');
  Object.assign(globalThis, { linux });
  const asModule = (text: string) => `data:text/javascript;charset=utf-8,${encodeURIComponent(text)}`;
  return import(
    asModule(code.replaceAll("'#linux'", JSON.stringify(asModule(`export const { ${names} } = globalThis.linux;`))))
  );
}

async function expectSame(source: string): Promise<void> {
  const plain = await runPlain(source);
  const written = run(source);
  expect(Object.keys(written).sort()).toEqual(Object.keys(plain).sort());
  for (const name of Object.keys(plain)) expect(observed(written[name]), name).toEqual(observed(plain[name]));
}

describe('a compiled file does what the learner wrote', () => {
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: programs in strings.
  const programs: Record<string, string> = {
    'nested calls': 'const f = (x) => x + 1; export function* run(x) { return f(f(f(x)) + f(1)); }',
    'nested yield*': `
      function* inner(x) { const got = yield x; return got + 1; }
      function* middle(x) { return (yield* inner(yield* inner(x))) * 2; }
      export function* run(x: number) { return [yield* middle(x), yield* middle(yield* middle(1))]; }`,
    'this in calls': `
      const o = { n: 5, get(x) { return this.n + x; }, inner: { n: 7, get() { return this.n; } } };
      export function* run(x) { return [o.get(x), o['get'](x), o.inner.get(), (o.get)(x), (o?.get)(x), o.inner?.get(), o.get.call({ n: 9 }, x)]; }`,
    'this lost':
      'const o = { get() { return this; } }; export function* run() { const g = o.get; return [g(), (0, o.get)()]; }',
    'this of a generator method':
      'const o = { n: 5, *get(x) { yield this.n; return this.n + x; } }; export function* run(x) { return yield* o.get(x); }',
    'this of a generator function':
      'function* get() { return this?.n; } export function* run() { return [yield* get.call({ n: 1 }), yield* get.apply({ n: 2 }), yield* get()]; }',
    'optional chains': `
      const o = { f: () => ({ g: () => ({ n: 1 }), none: undefined }), none: undefined };
      const count = (() => { const seen = []; return (x) => seen.push(x); })();
      export function* run() {
        return [o?.f().g().n, o.f?.().g?.().n, o.none?.f().g(count(1)).n, o.f()?.none?.(count(2)).x.y, o.f().none?.x(), (o?.f()).g().n,
          o?.['f']()['g']().n, o.none?.[count(3)], delete o?.f().x, o?.f()?.g().n, count(4)];
      }`,
    'a chain whose value is started':
      'const o = { *f() { yield 1; return 2; } }; export function* run() { return yield* o?.f(); }',
    spread:
      'const f = (...all) => all.length; export function* run(x) { return [f(...[1, 2], ...f.name), f(...[x].concat([1])), { ...{ a: f() } }]; }',
    'calls of calls':
      'const f = (a) => (b) => (c) => a + b + c; export function* run(x) { return [f(x)(2)(3), new (f(1)(2).constructor)().name, f`a`(1)(2).length]; }',
    'new and calls': `
      class Pair { constructor(public a: number, private b = 2) {} sum() { return this.a + this.b; } static of(x) { return new Pair(x); } }
      const make = () => Pair;
      export function* run(x) { return [new Pair(x).sum(), new (make())(x).sum(), Pair.of(x).sum(), new Pair(Pair.of(1).sum()).sum()]; }`,
    'an arrow of a call':
      'const f = (x) => x + 1; const g = (x) => f(x), h = (x) => ({ v: f(x) }); export function* run(x) { return [g(x), h(x).v, [1, 2].map((y) => f(y))]; }',
    'statements that are one word': `
      export function* run(x) {
        const seen = []
        if (x) seen.push(1); else seen.push(2)
        while (seen.length < 4) seen.push(x)
        do seen.push(9); while (seen.length < 6)
        do seen.push(9)
        while (seen.length < 8) for (const y of [1, 2]) if (y > 1) seen.push(y); else continue
        for (const key in { a: 1, b: 2 }) seen.push(key)
        for (let i = 0; i < 2; i++) for (let j = 0; j < 2; j++) yield i + j
        for (let i = 0; i < 3; i++);
        return seen
      }`,
    'labels and continue': `
      export function* run() {
        const seen = []
        outer: for (const a of [1, 2, 3]) {
          inner: while (true) { if (a === 2) continue outer; seen.push(a); if (a === 3) break outer; break inner; }
          block: { if (a) break block; seen.push('never'); }
        }
        again: do for (const b of [1, 2]) { if (b === 2) continue again; yield b } while (seen.length > 5)
        return seen
      }`,
    'no semicolons': `
      const f = (x) => x
      export function* run(x) {
        const a = f(x)
        ;[a].map(f)
        const b = f
        (x)
        f(a)
        return b + a
      }`,
    'default parameters':
      'const f = (x = 1) => x; function* g(a = f(), b = a + f(2), { c = f(3) } = {}, ...rest) { return [a, b, c, rest]; } export function* run(x) { return [yield* g(), yield* g(x, 1, { c: 0 }, 7, 8)]; }',
    'default parameters are evaluated at the call':
      'export function* run() { const seen = []; function* g(a = seen.push("default")) { seen.push("body"); } const started = g(); seen.push("called"); yield* started; return seen; }',
    arguments: 'function* g() { return [...arguments]; } export function* run(x) { return yield* g(x, 2); }',
    getters:
      'const f = () => 4; export function* run() { const o = { get v() { return f(); }, set v(x) { f(x); } }; class A { get v() { return o.v; } static get w() { return f(); } } return [o.v, (o.v = 3), new A().v, A.w]; }',
    'object methods': `
      const key = 'k'; const o = { *a(x) { return x; }, * /* * */ b () { return 2; }, *[key + 1](x) { return x; }, *'with space'() { return 4; }, *7() { return 5; }, get() { return 6; } };
      export function* run(x) { return [yield* o.a(x), yield* o.b(), yield* o.k1(x), yield* o['with space'](), yield* o[7](), o.get()]; }`,
    'class methods': `
      class A { #n = 1; *a(x) { return x + this.#n; } static *b() { return 2; } * [ 'c' ] () { return 3; } *#d() { return 4; } *e() { return yield* this.#d(); } field = function* () { return 5; } }
      export function* run(x) { const a = new A(); return [yield* a.a(x), yield* A.b(), yield* a.c(), yield* a.e(), yield* a.field()]; }`.replace(
      'static async = 1 ? 2 : 3;',
      '',
    ),
    inheritance: `
      class A { *m() { yield 1; return 'A'; } name() { return 'a'; } }
      class B extends A { *m() { return 'B'; } constructor() { super(); } name() { return super.name() + 'b'; } old() { return super.m(); } }
      export function* run() { const b = new B(); return [yield* b.m(), yield* b.old(), b.name()]; }`,
    'generator expressions': `
      const a = function* (x) { yield x; return 1; }, b = function* again(n) { return n ? yield* again(n - 1) : 'done'; };
      const pick = (f) => f; const c = pick(function*(){ return 3; }); const d = pick(function * /* ( */ named /* { */ () { return typeof named; });
      export function* run(x) { return [yield* a(x), yield* b(3), yield* c(), yield* d(), a.name, b.name, a.length]; }`,
    'nested generators':
      'export function* run(x) { function* a(y) { function* b(z) { yield z; return z; } return yield* b(y); } { function* a() { return "block"; } yield yield* a(); } return yield* a(x); }',
    hoisting:
      'export const early = typeof late; export function* run(x) { return yield* late(x); } function* late(x) { return [x, typeof later]; function later() {} }',
    'names with a $':
      'function* f() { return f$(); } function f$() { return "mine"; } export function* run() { return yield* f(); }',
    recursion:
      'function* down(n) { yield n; if (n > 0) yield* down(n - 1); } export function* run(x) { yield* down(x); }',
    'yield without a star':
      'function* f() {} export function* run() { const got = yield f(); yield; yield 1, yield 2; return got; }',
    'yield in odd places':
      'const f = (...x) => x; export function* run() { return f(yield 1, ...(yield 2) > 3 ? [1] : [yield 3], `${yield 4}`, { [yield 5]: yield 6 }, (yield 7) ?? 8); }',
    'delegating to what is no call':
      'function* f() { return yield 1; } export function* run() { const a = f(), o = { b: f() }; return [yield* a, yield* o.b, yield* (f(), f()), yield* (a ? f() : f()), yield* [1, 2]]; }',
    'template literals':
      'const f = (x) => x; const tag = (s, ...v) => s.raw.join("|") + v.join(); export function* run(x) { return [`a${f(`b${f(x)}`)}c`, tag`x${f(1)}\\n${f(2)}`, `while (true) { yield* f(); }`]; }',
    'regular expressions':
      'export function* run() { return ["a/b(c)".replace(/[/](b)\\(/g, (_, b) => b.toUpperCase()), /function\\* (?<name>\\w+)/u.exec("function* f")?.groups.name]; }',
    'comments with code': `
      // export function* run() { while (true) {} }
      /* let x = f(); yield* f() */ export /* function* */ function /* not async */ * /* run( */ run(x) { // }
        return /* f( */ x /* ) */ + 1; // return f()
      } // the end`,
    unicode:
      'const größe = (x) => x; function* 読む() { return "🙂"; } export function* run() { const s = "é🙂"; return [größe(s.length), yield* 読む(), [...s].length, "\\u{1F642}", "\u2028"]; } export const 値 = 1;',
    'types everywhere': `
      type Num = number; interface Has<T> { n: T } declare const nowhere: Num;
      const f = <T,>(x: T, ...rest: readonly T[]): T => x as unknown as T;
      function* g<T extends Has<Num>>(this: void, x: T): Generator<unknown, Num> { return x.n!; }
      abstract class Shape<T> { declare readonly t: T; abstract area(): number; *all(): Generator<T> {} }
      function over(a: string): void; function over(a: number): void; function over(a: unknown) { return a; }
      export function* run(x: Num) { return [f<Num>(x), yield* g({ n: x } satisfies Has<Num>), yield* (g({ n: 1 }) as any)!, over(1), new (Shape as any)().t]; }
      export type { Num }; export interface Unused {}`,
    imports: `import { double, acquire as lock, type Nothing } from '#linux';
      import * as linux from '#linux'; import type { Kernel } from '#linux';
      export function* run(x): Kernel<unknown> { return [double(x), yield* lock('m'), linux.ENOMEM, after, yield* linux.acquire('n')]; }
      import { ENOMEM as after } from '#linux';`,
    exports: `import { ENOMEM } from '#linux';
      const a = 1, list = [1, 2]; function* run(x) { return x; } class K {}
      export { a as b, run, ENOMEM, list }; export { double as twice } from '#linux';
      export const [first, { deep: [second = 9] = [] }] = [1, { deep: [] }], { third, ...others } = { third: 3, fourth: 4 };
      export function plain() { return 'plain'; }`,
    'a default generator': 'export default function* () { yield 1; return 2; }',
    'a named default generator':
      'const first = typeof run; export default function* run(x) { return [first, x ? yield* run(0) : 0]; }',
    'a default function, followed by parentheses': 'export default function () { return 1; }\n("ignored")',
    'a default expression in parentheses': 'const f = () => 5; export default (f(), f())',
    'a default class': 'export default class Named { *m() {} }\n;[1].map(String)',
    exceptions:
      'const f = () => { throw new TypeError("no"); }; export function* run() { try { yield 1; f(); } catch (error) { yield error.message; } finally { yield "finally"; } f(); }',
    switches:
      'const f = (x) => x; export function* run(x) { switch (f(x)) { case f(1): return 1; case 3: function* g() { return "g"; } return yield* g(); default: return f(2); } }',
    'a decreasing loop':
      'export function* run(n) { const seen = []; while (n --> 0) seen.push(n); return [seen, n< !--n]; }',
    strictness:
      'export function* run() { try { Math.PI = 1; } catch (error) { return error.name; } return (function () { return this; })(); }',
    'top-level this': 'export const run = typeof this;',
    'top-level loops':
      'const squares = []; for (const x of [1, 2]) squares.push(x * x); export const run = () => squares;',
    'a hash-bang': '#!/usr/bin/env node\nexport const run = 1;',
    'only a comment': '// nothing',
    nothing: '',
  };
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: programs in strings.
  for (const [name, source] of Object.entries(programs)) it(name, () => expectSame(source));
});

describe('random programs do the same', () => {
  const leaf = fc.constantFrom('x', '1', '"s"', 'seen.length', 'o?.none', 'o.n');
  const { expression } = fc.letrec<{ expression: string }>((tie) => {
    const e = tie('expression');
    return {
      expression: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        leaf,
        fc.tuple(e, e).map(([a, b]) => `(${a} + ${b})`),
        e.map((a) => `f(${a})`),
        fc.tuple(e, e).map(([a, b]) => `f(${a}, ...[${b}])`),
        e.map((a) => `o.m(${a})`),
        e.map((a) => `o?.chain(${a})?.m(f(${a})).none?.deeper(${a})`),
        fc.tuple(e, e).map(([a, b]) => `(${a}, o).chain(${b}).m(${a})`),
        e.map((a) => `(yield* g(${a}))`),
        e.map((a) => `(yield* o.steps?.(${a}))`),
        e.map((a) => `(yield ${a})`),
        e.map((a) => `((y) => f(y, ${a.includes('yield') ? 1 : a}))(2)`),
        fc.tuple(e, e, e).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
        e.map((a) => `\`t\${${a}}\``),
        e.map((a) => `[...[${a}], { n: ${a} }].length`),
        e.map((a) => `new Box(${a}).m(f(1))`),
      ),
    };
  });
  const { statement } = fc.letrec<{ statement: string }>((tie) => {
    const s = tie('statement');
    return {
      statement: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        expression.map((e) => `seen.push(${e});`),
        expression.map((e) => `yield ${e};`),
        expression.map((e) => `{ const x = ${e}; seen.push(typeof x); }`),
        fc.tuple(expression, s, s).map(([e, a, b]) => `if (${e}) ${a} else ${b}`),
        s.map((a) => `for (let i = 0; i < 2; i++) ${a}`),
        s.map((a) => `for (const x of [1, 2]) { ${a} if (x) continue; ${a} }`),
        s.map((a) => `for (const key in { a: 1 }) ${a}`),
        s.map((a) => `{ let n = 2; while (n-- > 0) ${a} }`),
        s.map(
          (a) =>
            `{ let n = 2; l${a.length}: do for (;;) { ${a} if (n > 0) continue l${a.length}; break; } while (n-- > 0) }`,
        ),
        fc.tuple(s, s).map(([a, b]) => `try { ${a} } catch (error) { seen.push(String(error)); } finally { ${b} }`),
        fc.tuple(s, expression).map(([a, e]) => `{ function* own(x) { ${a} return ${e}; } seen.push(yield* own(1)); }`),
        s.map(
          (a) =>
            `{ const o = { n: 1, m: f, chain() { return this; }, *steps(x) { ${a} return x; } }; seen.push(yield* o.steps(2)); }`,
        ),
        fc.tuple(s, s).map(([a, b]) => `{ ${a}\n${b} }`),
      ),
    };
  });

  it('with and without what is written into them', async () => {
    await fc.assert(
      fc.asyncProperty(statement, async (body) => {
        await expectSame(`
          const f = (...all) => all.length, o = { n: 3, m(x) { return [this.n, x]; }, chain(x) { return x ? this : undefined; }, *steps(x) { return yield x; } };
          class Box { #v; constructor(v) { this.#v = v; } m(x) { return this.#v === x; } }
          function* g(x) { yield x; return x; }
          export function* run(x) { const seen = []; ${body} return seen; }`);
      }),
      { numRuns: 300, seed: 4 },
    );
  });
});
