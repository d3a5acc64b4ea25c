import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** A copy of the house, in which my/ is full of broken files: the learner's own my/ is left alone. */
const house = realpathSync(mkdtempSync(join(tmpdir(), 'faultline-my-')));
const here = resolve(import.meta.dirname, '..');
const notCopied = new Set(['node_modules', 'dist', 'my', '.git', '.cache', '.astro']);

const bad = 'const wrong: number = "text"';
const broken: Record<string, string> = {
  'one-fault.ts': 'export function* vfio_pci_mmap_fault( {',
  'one-fault.test.ts': "throw new Error('my/ was run');",
  'deep/exercise.test.ts': "throw new Error('my/ was run');",
  'page.astro': `---\n${bad}\n---\n{`,
  'style.css': '}',
  'tsconfig.json': '{',
  'biome.json': '{',
  'progress.json': 'not JSON',
};

beforeAll(() => {
  cpSync(here, house, { recursive: true, filter: (source) => !notCopied.has(basename(source)) || source === here });
  symlinkSync(join(here, 'node_modules'), join(house, 'node_modules'), 'junction');
  writeFileSync(join(house, 'tests/seen.ts'), bad);
  for (const [name, text] of Object.entries(broken)) {
    mkdirSync(join(house, 'my', name, '..'), { recursive: true });
    writeFileSync(join(house, 'my', name), text);
  }
});
afterAll(() => rmSync(house, { recursive: true, force: true }));

/** What a tool of the project says when it is asked which files it would read. */
const says = (tool: string, ...args: string[]): string =>
  spawnSync(process.execPath, [join(house, 'node_modules', tool), ...args], { cwd: house, encoding: 'utf8' }).stdout;

const lines = (text: string): string[] => text.split(/\r?\n/).filter(Boolean);
const room = (path: string): string => relative(house, resolve(house, path)).split(/[\\/]/)[0]!;

describe('my/, full of broken files,', () => {
  test.each([
    ['.', 'tests'],
    ['exercises', 'exercises'],
  ])('is not type-checked by the project %s', (project, own) => {
    const rooms = new Set(lines(says('typescript/bin/tsc', '-p', project, '--listFilesOnly')).map(room));
    expect(rooms).toContain(own);
    expect(rooms).not.toContain('my');
  });

  test('is not linted', () => {
    const report = says('@biomejs/biome/bin/biome', 'check', '--reporter=json', '--max-diagnostics=none');
    const { diagnostics } = JSON.parse(report) as { diagnostics: { location: { path: string } }[] };
    const rooms = diagnostics.map(({ location }) => room(location.path));
    expect(rooms).toContain('tests');
    expect(rooms).not.toContain('my');
  });

  test('is not tested, and neither are the graders', () => {
    const found = JSON.parse(says('vitest/vitest.mjs', 'list', '--filesOnly', '--json')) as { file: string }[];
    const rooms = new Set(found.map(({ file }) => room(file)));
    expect([...rooms].sort()).toEqual(['src', 'tests']);
  });
});
