import { runInThisContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { compiled, logging, runner, table } from './compile/testing.ts';
import { load, Refused } from './load.ts';

const evaluate = (expression: string) => runInThisContext(expression, { filename: 'exercise.ts' });
const run = runner(evaluate);

function refusal(source: string): unknown {
  try {
    run(source);
  } catch (error) {
    if (error instanceof Refused) return error.errors;
    throw error;
  }
  throw new Error('was not refused');
}

describe('a name that nobody declares', () => {
  it.each([
    [
      'export const f = () => {\n  return nowhere + nowhere;\n};',
      [{ line: 2, column: 10, message: 'Nothing here is called `nowhere`.' }],
    ],
    ['const vma = 1;\nexport const f = () => vna;', [{ line: 2, column: 24, message: 'Did you mean `vma`?' }]],
    [
      "export function* run() {\n acquire('m'); }",
      [{ line: 2, column: 2, message: "`acquire` is in '#linux': add it to the import" }],
    ],
    ['export const f = () => { i = 0; };', [{ line: 1, column: 26, message: '`i`' }]],
    ['export const f = () => { for (x of [1]); };', [{ line: 1, column: 31, message: '`x`' }]],
    [
      'export const f = () => { [a, { b: c = 1 }] = [1, {}]; };',
      [
        { line: 1, message: '`a`' },
        { line: 1, message: '`c`' },
      ],
    ],
    ['export const f = (p: object) => p === NULL;', [{ line: 1, message: 'written `null`' }]],
    [
      'const a = one;\nconst b = two;',
      [
        { line: 1, message: '`one`' },
        { line: 2, message: '`two`' },
      ],
    ],
    ["export const f = () => fetch('x');", [{ line: 1, message: '`fetch`' }]],
  ])('%s', (source, problems) => {
    const expected = problems.map(({ message, ...place }) =>
      expect.objectContaining({ ...place, message: expect.stringContaining(message) }),
    );
    expect(refusal(source)).toEqual(expected);
  });

  it.each([
    'export const f = (a, { b, c: [d = a] }) => { try { return typeof nowhere + a + b + d; } catch (e) { throw e; } };',
    'export function f() { return arguments.length + Math.max(NaN, Infinity) + Number(undefined) + globalThis.x; }',
    'class A { #n = 1; static m() { return new A().#n; } } export const o = { key: 1, m() { return A; }, A };',
    'export const f = function inner(n) { label: for (const key in n) { if (key) continue label; } return inner; };',
    "import * as linux from '#linux'; import { double as twice } from '#linux'; export const x = [linux, twice];",
    "export { double } from '#linux'; export function f({ a = 1, ...rest }) { ({ a } = rest); return a; }",
  ])('is not %s', (source) => expect(() => run(source)).not.toThrow());
});

describe('load', () => {
  it('returns the exports, and nothing for one that is missing', () => {
    const exports = run('export const a = 1; export default 2; const hidden = 3;');
    expect(exports).toEqual({ a: 1, default: 2 });
    expect('toString' in exports).toBe(false);
    expect(Object.isFrozen(exports)).toBe(true);
  });

  it('makes a fresh module each time', () => {
    const file = compiled('export const made = {};');
    const once = load(file, logging(), table, evaluate);
    expect(load(file, logging(), table, evaluate).made).not.toBe(once.made);
  });

  it('gives imports from the table and from nowhere else', () => {
    expect(
      run(
        "import { double as twice } from '#linux'; import * as all from '#explore'; export const made = [twice(2), all];",
      ).made,
    ).toEqual([4, {}]);
  });

  it('names imports that do not exist, with their line and the name that was meant', () => {
    expect(
      refusal(
        "import {\n  doubel,\n  acquire,\n  wholly_other,\n} from '#linux';\nexport { lost } from '#explore';\ndoubel(acquire, wholly_other);",
      ),
    ).toEqual([
      { line: 2, column: 3, message: "'#linux' has no `doubel`. Did you mean `double`?" },
      { line: 4, column: 3, message: "'#linux' has no `wholly_other`. Look at its spelling." },
      { line: 6, column: 10, message: "'#explore' has no `lost`. Look at its spelling." },
    ]);
  });

  it('does not miss what is only a type', () =>
    expect(run("import { vm_fault } from '#linux'; export const f = (x: vm_fault) => x;").f).toBeTypeOf('function'));

  it("lets through what the file's own code throws", () => expect(() => run('null.f();')).toThrow(TypeError));

  it.each([
    ['const state = { n: 0, list: [1] };', 'state.n = 1'],
    ['const state = { n: 0, list: [1] };', 'state.list.push(2)'],
    ['const state = Object.freeze({ list: [1] });', 'state.list.push(2)'],
    ['const { list } = { list: [] };', 'list.push(2)'],
    ['export const list = [];', 'list.push(2)'],
    ['function state() {}', 'state.n = 1'],
    ['function* state() {}', 'state.n = 1'],
    ['const state = () => {};', 'state.n = 1'],
    ['class State {}', 'State.n = 1'],
    ['const state = () => {}; state.list = [];', 'state.list.push(1)'],
    ['class State { static { this.list = []; } }', 'State.list.push(1)'],
  ])('freezes what is at the top level: %s', (declaration, change) => {
    expect(() => (run(`${declaration} export const f = () => { ${change}; };`).f as () => void)()).toThrow(TypeError);
  });

  it.each([
    ['const make = () => new Map();\nconst m = make();', 'm is a Map'],
    ['\nconst o = { deep: [Object.freeze(new Set())] };', 'o.deep[0] is a Set'],
    ['class Counter { n = 0; }\nexport const counter = new Counter();', 'counter is a Counter'],
    ['function* f() {}\nconst g = f();', 'g is a Generator'],
    ['\nconst g = /x/g;', 'g is a RegExp'],
    ['\nconst o = { deep: { get tasks() { return {}; } } };', 'o.deep.tasks is a getter'],
    ['const tasks = Symbol("tasks");\nconst o = { get [tasks]() { return {}; } };', 'o.Symbol(tasks) is a getter'],
    ['\nconst o = Object.create(Object.create(null, { tasks: { get: () => ({}) } }));', 'o.tasks is a getter'],
    ['class World { get tasks() { return {}; } }\nexport const o = Object.freeze(new World());', 'o.tasks is a getter'],
    ['\nexport const list = Object.defineProperty([], 0, { get: () => 1 });', 'list.0 is a getter'],
    ['\nexport default [new (class Deep {})()]', 'default[0] is a Deep'],
  ])('refuses what cannot be frozen: %s', (source, message) => {
    expect(refusal(source)).toEqual([{ line: 2, message: expect.stringContaining(message) }]);
  });

  it('lets the top level build what it freezes', () => {
    expect(
      run(
        'const squares = {}; for (const n of [1, 2]) squares[n] = n * n; squares.self = squares; export const f = () => squares[2];',
      ).f,
    ).toBeTypeOf('function');
  });
});
