import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { aliases, files } from './files.ts';
import { typeService } from './service.ts';

const root = resolve(import.meta.dirname, '../../..');
const exercises = readdirSync(join(root, 'exercises')).filter((name) => /^\d/.test(name));
const service = typeService(files, aliases);

test.each(exercises)('has nothing to say against the starter and the solution of %s', (folder) => {
  for (const file of ['exercise.ts', 'solution.ts'])
    expect(service.errorsIn(readFileSync(join(root, 'exercises', folder, file), 'utf8'))).toEqual([]);
});

test('knows each file of the library that another one refers to', () => {
  const lib = dirname(createRequire(import.meta.url).resolve('typescript'));
  const named = Object.values(files).flatMap((text) =>
    [...text.matchAll(/<reference lib="([^"]+)"/g)].map(([, name]) => name),
  );
  expect(named.length).toBeGreaterThan(40);
  expect(
    named.filter((name) => files[`/lib/lib.${name}.d.ts`] !== readFileSync(join(lib, `lib.${name}.d.ts`), 'utf8')),
  ).toEqual([]);
});

describe('of a submission', () => {
  test('it names a type error, with its place', () => {
    const text = `import { PAGE_SIZE } from '#linux';\nconst size: string = PAGE_SIZE;\n`;
    const [error, ...more] = service.errorsIn(text);
    expect(more).toEqual([]);
    expect(text.slice(error?.from, error?.to)).toBe('size');
    expect(error?.message).toContain("not assignable to type 'string'");
  });

  test('it says what a name stands for, with its doc comment', () => {
    const text = `import { mutex_lock } from '#linux';\n`;
    const meaning = service.meaningOf(text, text.indexOf('mutex_lock') + 3);
    expect(meaning?.type).toContain('mutex_lock');
    expect(meaning?.doc).not.toBe('');
    expect(text.slice(meaning?.from, meaning?.to)).toBe('mutex_lock');
  });

  test('it completes names of an import, and what an object has', () => {
    const named = `import { mutex_ } from '#linux';\n`;
    const labels = service.completionsAt(named, named.indexOf('mutex_') + 6).map(({ label }) => label);
    expect(labels).toContain('mutex_lock');
    const after = `import type { vm_fault } from '#linux';\nexport function f(vmf: vm_fault) {\n  vmf.\n}\n`;
    expect(service.completionsAt(after, after.indexOf('vmf.\n') + 4).map(({ label }) => label)).toContain('vma');
    expect(service.detailsOf(after, after.indexOf('vmf.\n') + 4, 'vma')?.type).toContain('vma');
  });

  test('it sees no host, and no other file', () => {
    expect(service.errorsIn('document;').map(({ message }) => message)).toEqual([expect.stringContaining('document')]);
    expect(service.errorsIn(`import x from '../solution.ts';\nx;`)).toHaveLength(1);
  });
});
