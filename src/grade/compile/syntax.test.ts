import { describe, expect, it } from 'vitest';
import { compile, type Problem } from '../compile.ts';

function problem(source: string): Problem {
  const result = compile(source);
  if (!('errors' in result) || result.errors.length !== 1)
    throw new Error(`expected one error: ${JSON.stringify(result)}`);
  return result.errors[0] as Problem;
}

describe('a syntax error is told with its place and what to do', () => {
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: programs in strings.
  it.each([
    ['const x = ;', '1:11', 'Did not expect `;` here'],
    ['function f() {\n  foo(\n}', '3:1', 'Did not expect `}` here'],
    ['function f() {\n', '2:1', 'ends too early'],
    ['f(1', '1:4', 'ends too early'],
    ['const a b;', '1:9', 'Expected `;` here, found `b`.'],
    ['const x: number = 1; }', '1:22', 'Did not expect `}` here'],
    ["const s = 'abc", '1:11', 'closing quote'],
    ['const s = `abc', '1:12', 'closing backquote'],
    ['const r = /abc', '1:12', 'closing `/`'],
    ['f();\nconst s = `a${f(1)} ${f2)} b`;\nf();', '2:-', 'inside the template strings'],
    ['/* abc', '1:6', 'add `*/`'],
    ['const größe = §;', '1:15', 'Did not expect `§`'],
    ['export function f() {\n  yield* g();\n}', '2:3', 'Write `function*` where the function begins'],
    ['const f = () => { yield* g(); };', '1:19', 'An arrow function cannot be a generator'],
    ['const f = *() => {};', '1:11', 'An arrow function cannot be a generator'],
    ['function* f() { while (!yield* g()) {} }', '1:25', 'in brackets: `(yield* …)`'],
    ['function* f() { return 1 + yield* g(); }', '1:28', 'in brackets: `(yield* …)`'],
    ['with (x) f();', '1:1', '`with` is not allowed'],
    ['function f(a: number) {}\nwith (f(1)) { g(); }', '2:1', '`with` is not allowed'],
    ['const a = 1;\nconst a = 2;', '2:7', '`a` is declared twice'],
    ['export const a = 1; export { a };', '1:30', '`a` is exported twice'],
    ['interface J {}\nexport { J };', '2:10', 'export type { J }'],
    ['const f = (static) => 1;', '1:12', '`static` is a word of the language'],
    ['f() = 1;', '1:1', 'left of this `=`'],
    ['return 1;', '1:1', 'one `}` too many'],
    ['if (x) break;', '1:8', 'outside any loop'],
    ['const x: number = 1; const x = 2;', '1:-', '`x` is declared twice'],
    ['export const f = (x: number) => 08;', '1:-', 'not valid TypeScript: Invalid number.'],
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: programs in strings.
  ])('%j', (source, place, message) => {
    const { line, column, message: told } = problem(source);
    expect({ place: `${line}:${column ?? '-'}`, told }).toEqual({ place, told: expect.stringContaining(message) });
  });

  // What C says otherwise: the place is that of the parser, the words are not.
  it.each([
    ['const a = p->x;', '2:13', 'Write `.x` for `->x`'],
    ['if (entry->vma == vma) f();', '2:11', 'Write `.vma`'],
    ['yield* mutex_lock(&vdev->vma_lock);', '2:19', 'leave the `&` out. `vdev.vma_lock` itself is a reference'],
    ['const a = &x;', '2:11', 'leave the `&` out'],
    ['const a = *p;', '2:11', 'is read with `yield* get(p)`'],
    ['*p = 3;', '2:1', 'written with `yield* set(p, …)`'],
    ['f(*(p + 1));', '2:3', 'No pointer is followed'],
    ['const a = (int)x;', '2:16', '`(int)` is a cast'],
    ['const a = (struct page *)p;', '2:19', '`(struct page *)` is a cast'],
    ['f((unsigned long) x, 2);', '2:13', '`(unsigned long)` is a cast'],
    ['goto out;', '2:6', 'There is no `goto`'],
    ['if (x) goto out;', '2:13', 'There is no `goto`'],
    ['int i = 0;', '2:5', 'Write `const i = …`, or `let i = …`'],
    ['for (int i = 0; i < 3; i++) {}', '2:10', '`let i = …`'],
    ['unsigned long addr;', '2:10', '`let addr = …`'],
    ['vm_fault_t ret = 0;', '2:12', '`let ret = …`'],
    ['struct page *p;', '2:8', '`const p = …`'],
    ['static const struct page *p = q;', '2:8', '`const p = …`'],
    ['char *s = "x";', '2:1', '`const s = …`'],
    ['struct page { int x; };', '2:8', 'There is no `struct`'],
    ['static int f(int x) { }', '2:8', '`function* f(…)`'],
    ['list_for_each_entry(e, &head, list) {', '2:24', 'entriesOf(head)'],
    ['list_for_each_entry(e, head, list) { }', '2:36', 'entriesOf(head)'],
    ['const x = 1UL << 12;', '2:12', 'Write `1` without `UL`'],
    ['const x = sizeof(struct page);', '2:25', 'There is no `sizeof`'],
    ['  #include <linux/mm.h>', '2:-', "`import { … } from '#linux'`"],
    ['#define X 3', '2:-', '`const NAME = …`'],
  ])('as in C: %s', (line, place, message) => {
    const { line: at, column, message: told } = problem(`function* g() {\n${line}\n}`);
    expect({ place: `${at}:${column ?? '-'}`, told }).toEqual({ place, told: expect.stringContaining(message) });
  });

  it.each([
    ["const s = 'p->x' + ;", 'Did not expect `;`'],
    ['const s = a & b c;', 'found `c`'],
    ['foo (x) y;', 'found `y`'],
    ['cosnt x = 3;', 'found `x`'],
  ])('not as in C: %s', (source, message) => expect(problem(source).message).toContain(message));

  it.each(['\r\n', '\r'])('in the right line with %j', (end) =>
    expect(problem(['// 1', '', 'f(1;'].join(end))).toMatchObject({ line: 3, column: 4 }),
  );
});
