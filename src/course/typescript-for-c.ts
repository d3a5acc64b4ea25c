/** TypeScript for C programmers, on one screen: what the exercises use, and where it differs from what it looks like. */

export const columns = ['C', 'TypeScript', 'Mind'] as const;

/** In Markdown with nothing but code spans in it. */
export const rows: readonly (readonly [c: string, typescript: string, mind: string])[] = [
  ['`p->vm_start`', '`p.vm_start`', 'An object is always held by reference. There are no pointers to take or to free.'],
  [
    '`int f(struct page *p)`',
    '`function f(p: page): number`',
    'Types stand after names. They are erased before the code runs.',
  ],
  ['`const int n = 4; int i = 0;`', '`const n = 4; let i = 0;`', 'There is one kind of number, a double.'],
  ['`a == b`, `a != b`', '`a === b`, `a !== b`', 'Always three signs; two would convert the types first.'],
  ['`NULL`', '`null`', 'A property that does not exist is `undefined`. Both are false in an `if`, as 0 is.'],
  ['`return -EEXIST;`', '`return -EEXIST;`', 'Error numbers and `VM_FAULT_` bits are as in the kernel.'],
  [
    '`addr >> PAGE_SHIFT`',
    '`addr >> PAGE_SHIFT`',
    '`>>`, `|` and `&` work on 32 bits. Addresses and flags of this course fit into them.',
  ],
  ['`list_for_each_entry(e, …)`', '`for (const e of yield* entriesOf(…))`', 'Counting loops are written as in C.'],
  [
    '`e->vma`, which others may write',
    '`yield* get(e.vma)`',
    'What never changes, such as `vma.vm_start`, is read without.',
  ],
  ['`goto out;`', 'a `return` on each path', 'There is no `goto`: unlock before each `return`.'],
  ['`#include`', "`import { mutex_lock } from '#linux';`", 'You name what you use.'],
  [
    'a function that another CPU can interleave with',
    '`function* f(): Kernel<number>`',
    'Call it with `yield* f()`. Each `yield*` is a place where another CPU may go first; forget it and you are told so.',
  ],
  [
    '`if (get(e) == 3)`',
    '`if ((yield* get(e)) === 3)`',
    '`yield*` takes all that follows it, up to the next bracket or comma. In front of an operator it needs brackets of its own.',
  ],
];

// Rows that a small screen holds.
const FEW = 5;

/** All of it in Markdown, as tables of a few rows. */
export function tablesOfC(): string[] {
  const row = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
  const head = [row(columns), row(columns.map(() => '---'))];
  const tables: string[] = [];
  for (let at = 0; at < rows.length; at += FEW) tables.push([...head, ...rows.slice(at, at + FEW).map(row)].join('\n'));
  return tables;
}
