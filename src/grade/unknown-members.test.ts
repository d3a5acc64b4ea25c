import { runInThisContext } from 'node:vm';
import { expect, it } from 'vitest';
import { openSubmission } from './open.ts';
import { meant } from './unknown-members.ts';

const open = (body: string) =>
  openSubmission(`export function f(vmf: any, o: any) {\n${body}\n}`, (code) =>
    runInThisContext(code, { filename: 'exercise.ts' }),
  );

it.each([
  ['const addr = vmf.addr; return addr;', 'Nothing here has a member `addr`. Did you mean `address`?'],
  ['return vmf.vma.vm_strat;', 'Nothing here has a member `vm_strat`. Did you mean `vm_start`?'],
  ['return vmf.vma?.vm_length;', 'Nothing here has a member `vm_length`. Look at its spelling.'],
])('a member that nothing has is refused: %s', (body, message) =>
  expect(open(body)).toEqual({ errors: [expect.objectContaining({ line: 2, message })] }),
);

it.each([
  'return vmf.address + vmf.vma.vm_start + o.length + o.map(String).at(0) + o.next().done;',
  'const made = { total: 0 }; return made.total;',
  'o.total = 1; return o.total;',
  'class Tally { count = 1; twice() { return this.count; } } return new Tally().twice() + new Tally().count;',
  'interface Count { readonly seen?: number } return (o as Count).seen;',
  "return o['deep'] + o.deep;",
  "o['a' + 1] = 1; return o.a1;",
  'return typeof o.nowhere + (globalThis as any).fetch;',
])('what the language has, or the file makes, is not: %s', (body) => expect(open(body)).toHaveProperty('exports'));

it.each([
  ['addr', ['address', 'addr_mask', 'add'], 'address'],
  ['start', ['vm_end', 'vm_start'], 'vm_start'],
  ['xyzzy', ['vm_end'], undefined],
])('%s is meant to be', (name, names, guess) => expect(meant(name, names)).toBe(guess));
