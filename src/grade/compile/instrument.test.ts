import { runInThisContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { Runtime } from '../load.ts';
import { compiled, isGenerator, logging, observed, runner } from './testing.ts';

const run = runner((expression) => runInThisContext(expression, { filename: 'exercise.ts' }));

describe('lines', () => {
  /** Runs until it throws; the line of the learner's frame. */
  function lineThrown(source: string): number {
    try {
      observed((run(source).run as () => Generator)().next());
    } catch (error) {
      return Number(/exercise\.ts:(\d+)/.exec((error as Error).stack ?? '')?.[1]);
    }
    throw new Error('did not throw');
  }

  it('stay where they are behind imports, types and comments', () => {
    const source = `import {
      double,
      type Nothing,
    } from '#linux'; import type { X } from
      '#explore';
    /* a
       comment */
    interface Y {
      n: number;
    }
    export const a = 1; export
    function* run(
      x: Array<
        Y
      >,
    ) {
      const t = \`
      \`; (null as unknown as { f(): void }).f();
    }`;
    expect(lineThrown(source)).toBe(source.slice(0, source.indexOf('(null')).split('\n').length);
  });

  it.each(['\n', '\r\n', '\r'])('count %j as one end of a line', (end) => {
    expect(lineThrown(['// 1', '/* 2', '*/ export function* run() {', 'for (;;) {', 'null.f(); } }'].join(end))).toBe(
      5,
    );
  });

  it('survive a byte order mark', () => expect(lineThrown('\uFEFF\nexport function* run() { null.f(); }')).toBe(2));
  it('survive 5000 of them', () => {
    const many = Array.from(
      { length: 4997 },
      (_, line) => `function* f${line}(x: number) { for (const y of [x]) yield* f${line ? line - 1 : 0}(y); }`,
    );
    expect(lineThrown([...many, 'export function* run() {', '', 'null.f(); }'].join('\n'))).toBe(5000);
  });

  it('the first is that of the wrapper', () => expect(compiled('// one\nf();').code.split('\n')[1]).toContain('f()'));
});

describe('calls of generator functions', () => {
  /** Name and line of each call that running the file's `run` registers. */
  function callsOf(source: string): string {
    const log = logging();
    const { run: exported, default: byDefault } = run(source, log);
    observed(exported ?? byDefault);
    return log.calls.map((call) => call.join(' ')).join(', ');
  }

  const returning = (expression: string) => `export function run() { return ${expression}; }`;

  it.each([
    ['a declaration', 'export\nfunction* run() {}', 'run 2'],
    ['a default export', 'export default function* () {}', 'default 1'],
    ['an expression', 'export const run =\nfunction* () {};', 'run 2'],
    [
      'a named expression',
      'export const run = [\nfunction* down(n) { if (n > 0) yield* down(n - 2); }][0];',
      'down 2, down 2, down 2',
    ],
    ['a nested one', 'export function* run() {\n function* inner() {} yield* inner(); }', 'run 1, inner 2'],
    ['a property', `const o = { f: function* () {} };${returning('o.f()')}`, 'f 1'],
    ['a method', `const o = {\n*f() {} };${returning('o.f()')}`, 'f 2'],
    ['a method of a class', `class A {\n*f() {} }${returning('new A().f()')}`, 'f 2'],
    ['a static method', `class A {\nstatic *f() {} }${returning('A.f()')}`, 'f 2'],
    ['a private method', `class A {\n*#f() {} f() { return this.#f(); } }${returning('new A().f()')}`, '#f 2'],
    ['a computed name', `const k = 'x', o = { *[k + 1]() {} };${returning('o.x1()')}`, 'k + 1 1'],
    ['a field', `class A { f = function* () {}; }${returning('new A().f()')}`, 'f 1'],
    ['an assignment', 'export function run() { let f; f = function* () {}; return f(); }', 'f 1'],
    [
      'an assignment to a property',
      'export function run() { const o = {}; o.f = function* () {}; return o.f(); }',
      'f 1',
    ],
    ['a default value', 'export const run = (_, f = function* () {}) => f();', 'f 1'],
    ['an argument', `const call = (f) => f();${returning('call(function* () {})')}`, 'anonymous 1'],
  ])('register %s', (_, source, calls) => expect(callsOf(source)).toBe(calls));

  it('leave an object its iterator, which for…of starts itself', () => {
    expect(callsOf(`const o = { *[Symbol.iterator]() { yield 1; } };${returning('[...o]')}`)).toBe('');
  });

  it('run in a function that traces know by its $', () => {
    const stack = observed(
      run(
        'function* f() { yield new Error().stack; } const o = { *m() { yield* f(); } }; export function* run() { yield* o.m(); }',
      ).run,
    )[0];
    const frames = [...String(stack).matchAll(/at (?:\w+\.)?([\w$]+) .*exercise\.ts/g)].map(([, name]) => name);
    expect(frames).toEqual(['f$', 'm$', 'run$']);
  });

  it('know their line, that of the name that is called', () => {
    const source = `import { acquire } from '#linux';
      const keep = (x) => x;
      export function* run() {
        acquire('forgotten');
        yield acquire(
          'starless');
        const later =
          acquire('later');
        const o = { acquire };
        o
          .acquire('method');
        o
          ?.acquire('chained');
        [1].forEach(() => {
          acquire('in a callback');
        });
        yield* keep(
          acquire('passed on'));
        yield*
          later;
      }`;
    const lines: number[] = [];
    const at: Runtime['at'] = (line, value) => {
      if (isGenerator(value)) lines.push(line);
      return value;
    };
    observed(run(source, { ...logging(), at }).run);
    expect(lines).toEqual([4, 5, 8, 11, 13, 15, 18, 17, 20]);
  });
});

describe('rounds of loops', () => {
  it.each([
    ['while', 'while (true) {}'],
    ['while, of one word', 'while (true);'],
    ['while, of one statement', 'while (true) x++;'],
    ['do', 'do {} while (true)'],
    ['do, of one statement', 'do x++; while (true)'],
    ['for', 'for (;;) {}'],
    ['for, of one statement', 'for (;;) x++'],
    [
      'for…of',
      'for (const y of (function* () { yield* { [Symbol.iterator]: () => ({ next: () => ({ done: false }) }) }; })()) {}',
    ],
    ['continue', 'while (true) { if (x) continue; }'],
    ['labels', 'a: b: while (true) { for (;;) continue a; }'],
    ['a catch', 'while (true) try { throw x; } catch { continue; } finally { x++; }'],
  ])('an endless %s is named with its line', (_, loop) => {
    expect(() => (run(`export function run(x) {\n${loop}\n}`).run as (x: number) => void)(1)).toThrow(
      'endless loop in line 2',
    );
  });

  it('are counted at the top level too', () =>
    expect(() => run('const list = [1];\nfor (const x of list) list.push(x);')).toThrow('endless loop in line 2'));

  it('are counted once each', () => {
    const log = logging();
    observed(
      run(
        'export function run() { for (const x in { a: 1, b: 2 })\nfor (const y of [1, 2, 3]) if (x === y) continue; }',
        log,
      ).run,
    );
    expect(log.turns).toEqual([1, 2, 2, 2, 1, 2, 2, 2]);
  });
});
