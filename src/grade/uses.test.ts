import { runInThisContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { type Cell, cell, explore, type Program, type Steps } from '#explore';
import { openSubmission } from './open.ts';

interface World {
  readonly n: Cell<number>;
  readonly entry: { readonly vma: Cell<string> };
  readonly vmf: { readonly pte: Cell<number> | null };
  readonly list: Readonly<Record<'next' | 'prev', Cell<null>>>;
}

/** What comes of running this in a task, line 3 of a submission: the violation's message, or undefined. */
function foundIn(body: string): string | undefined {
  const source = `import { get, read, set, write } from '#explore';\nexport function* run({ n, entry, vmf, list }) {\n${body}\n}`;
  const opened = openSubmission(source, (code) => runInThisContext(code, { filename: 'exercise.ts' }));
  if ('errors' in opened) throw new Error(JSON.stringify(opened.errors));
  const program: Program<World> = {
    name: 'one task',
    setup: () => ({
      n: cell(1, 'n'),
      entry: { vma: cell('v', 'vma') },
      vmf: { pte: cell(0, 'pte') },
      list: { next: cell(null, 'next'), prev: cell(null, 'prev') },
    }),
    tasks: (world) => ({ A: () => (opened.exports.run as (world: World) => Steps)(world) }),
  };
  const { violation } = explore(program);
  if (violation && violation.kind !== 'forgotten yield') throw new Error(`${violation.kind}: ${violation.message}`);
  return violation?.message;
}

describe('an operation that never ran is named where it is used', () => {
  it.each([
    'if (get(n)) throw 1;',
    'while (get(n)) throw 1;',
    'do { } while (!get(n));',
    'for (; get(n); ) throw 1;',
    'return get(n) ? 1 : 2;',
    'if (true && get(n)) throw 1;',
    'if (n && (get(n) || false)) throw 1;',
    'const ok = get(n) && 1; throw 1;',
    'switch (get(n)) { default: throw 1; }',
    'if (get(n) === 1) return; throw 1;',
    'if (1 < get(n)) return; throw 1;',
    'yield* write(n, 1 + get(n));',
    'yield* write(n, -get(n));',
    'let m = 1; m += get(n); throw 1;',
    'const later = get(n); if (later > 1) return; throw 1;',
    'for (const each of get(n)) throw 1;',
    'throw [...get(n)];',
    'throw Math.max(...get(n));',
    'if (get(n).length > 0) return; throw 1;',
    'if (get(n).some(() => true)) return;',
  ])('%s', (body) => expect(foundIn(body)).toBe('get() in line 3 is called without yield*, so it never ran'));

  it('of their own too', () => {
    const body = 'for (const each of own(n)) return; } function* own(n) { yield* read(n); return [1];';
    expect(foundIn(body)).toBe('own() in line 3 is called without yield*, so it never ran');
  });
});

describe('a cell is not what it holds', () => {
  it.each([
    "if (entry.vma === 'v') return;",
    "if ('v' !== entry.vma) return;",
    'return entry.vma + 1;',
    'switch (entry.vma) { }',
    'return entry.vma.vm_start;',
    'return entry.vma.toString();',
    'for (const each of entry.vma);',
  ])('%s', (body) =>
    expect(foundIn(body)).toBe('entry.vma in line 3 is the cell, not what it holds: write (yield* get(entry.vma))'),
  );

  it('nor is the head of a list its entries', () =>
    expect(foundIn('for (const entry of list);')).toBe(
      'list in line 3 is the head of a list: write for (const entry of yield* entriesOf(list))',
    ));
});

it.each([
  ['return (vmf.pgoff - 1) >> 12;', 'vmf.pgoff in line 3 is undefined: it has no such member. Did you mean vm_pgoff?'],
])('nothing is reckoned with a member that is not there: %s', (body, message) =>
  expect(() => foundIn(body)).toThrow(message),
);

it('a member that is not there may be compared, and joined to a text', () =>
  expect(foundIn("if (vmf.to === 1) throw 1; return 'a' + vmf.to;")).toBeUndefined());

describe('what holds a thing is not that thing', () => {
  it.each([
    ['const vma = vmf; if (entry === vma) return;', 'entry', 'vma'],
    ['const o = { vma: vmf }; if (o.vma !== entry) return;', 'entry', 'vma'],
  ])('%s', (body, holder, held) =>
    expect(foundIn(body)).toBe(
      `${holder} in line 3 is what holds a ${held}, not the ${held} itself: write (yield* get(${holder}.${held}))`,
    ),
  );

  it.each([
    'const other = entry; if (entry === other) return;',
    'const vma = (yield* get(entry.vma)); if (entry === vma) return;',
    'const vma = entry; if (entry === vma) return;',
    'if (entry === vmf || list !== entry || n === n) return;',
  ])('and all else may be compared: %s', (body) => expect(foundIn(body) ?? '').not.toMatch(/what holds/));
});

describe('allowed is', () => {
  it.each([
    'if (vmf.pte) return; if (!vmf.pte) return; if (vmf.pte === null || undefined == vmf.pte) return;',
    'const there = vmf.pte && (yield* read(vmf.pte)); return vmf.pte ? there : 0;',
    'if ((yield* get(n)) === 1 && !(yield* get(entry.vma))) return;',
    'const steps = n ? get(n) : read(n); return (yield* steps) + 1;',
    'const none = undefined; return yield* (none ?? get(n));',
    'for (const i of upTo(3)) yield* write(n, i); return [...upTo(3)]; } function* upTo(n) { for (let i = 0; i < n; i++) yield i;',
    'return own().map((x) => x).toArray().length + own().next().value; } function* own() { yield 1;',
    'const o = { a: { B: class { b = 1; } } }; return new o.a.B().b + { ...o.a }.length;',
  ])('%s', (body) => expect(foundIn(body)).toBeUndefined());
});
