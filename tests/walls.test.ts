import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

/** What a file of a room may import, and what it may not. The wall itself is biome.walls.jsonc. */
const rooms: Record<string, { may: string[]; mayNot: string[] }> = {
  'src/explore/search.ts': {
    may: ['./cells.ts', './search/sleep.ts'],
    mayNot: [
      '#linux',
      '#explore',
      '#grade/verdict',
      '#course/catalogue',
      '../linux/world.ts',
      'node:fs',
      'fs',
      'acorn',
    ],
  },
  'src/explore/node/parallel.ts': {
    may: ['node:worker_threads', '../auto.ts'],
    mayNot: ['node:fs', '#linux', '#explore', '../../linux/world.ts', 'vite'],
  },
  'src/linux/mm/memory.ts': {
    may: ['#explore', './zap.ts', '../include/linux/mm_types.ts'],
    mayNot: ['../../explore/index.ts', '#linux', '#grade/verdict', '../../site/early.ts', 'node:fs', 'vite'],
  },
  'src/grade/compile.ts': {
    may: ['#linux', '#explore', '#fidelity/replay', './verdict.ts', 'acorn', 'sucrase', 'magic-string', 'vitest'],
    mayNot: [
      '#course/catalogue',
      '#fidelity/node/recordings',
      '../linux/index.ts',
      './node/run.ts',
      './worker/entry.ts',
      'node:crypto',
      'vite',
      '../cli/grade.ts',
    ],
  },
  'src/grade/node/run.ts': {
    may: ['node:worker_threads', '../compile.ts', 'vitest', '#linux'],
    mayNot: ['#course/catalogue', '../../course/catalogue.ts', '../../cli/grade.ts', '../worker/entry.ts'],
  },
  'src/grade/worker/entry.ts': {
    may: ['../compile.ts', '#linux', 'vitest/internal/browser'],
    mayNot: ['node:fs', '#course/catalogue', '../../site/early.ts', '../node/run.ts'],
  },
  'src/fidelity/replay.ts': {
    may: ['#linux', '#explore', './probes.ts'],
    mayNot: [
      '#grade/verdict',
      '#course/catalogue',
      './node/recordings.ts',
      'node:zlib',
      '../linux/index.ts',
      '../site/early.ts',
    ],
  },
  'src/fidelity/node/recordings.ts': {
    may: ['node:zlib', '../recording.ts', '#linux'],
    mayNot: ['#grade/verdict', '#course/catalogue', '../../cli/learn.ts', '../../linux/index.ts'],
  },
  'src/course/catalogue.ts': {
    may: ['node:fs', '#linux', '#exercises/05-one-fault/shared/board', './progress.ts'],
    mayNot: ['#grade/verdict', '../grade/verdict.ts', '../cli/learn.ts'],
  },
  'src/lab/boot.ts': {
    may: ['node:fs', '#linux', '#explore', './log.ts'],
    mayNot: [
      '#grade/verdict',
      '#course/catalogue',
      '#exercises/05-one-fault/shared/board',
      '../cli/lab.ts',
      '../linux/index.ts',
      '../site/early.ts',
    ],
  },
  'src/cli/learn.ts': {
    may: ['#lab/boot', '#grade/verdict', '#course/catalogue', '#linux', '#explore', 'node:fs', './start.ts'],
    mayNot: ['../site/early.ts', '../grade/verdict.ts', '../course/catalogue.ts', '../lab/boot.ts'],
  },
  'src/site/early.ts': {
    may: ['#grade/verdict', '#course/catalogue', '#linux', '#explore', '@codemirror/state'],
    mayNot: ['../cli/learn.ts', '../grade/verdict.ts', '../explore/index.ts', '#lab/boot', '../lab/boot.ts'],
  },
  'src/explore/search.test.ts': {
    may: ['vitest', 'fast-check', '#explore', './search.ts', 'node:fs'],
    mayNot: ['#linux', '../linux/index.ts', '#grade/verdict'],
  },
  'src/explore/fixtures/scripts.ts': {
    may: ['fast-check', '../search.ts', './reference.ts'],
    mayNot: ['#linux', '../../linux/index.ts', '#grade/verdict'],
  },
  'src/linux/mm/memory.test.ts': {
    may: ['vitest', '#explore', '#linux', './memory.ts'],
    mayNot: ['#grade/verdict', '#course/catalogue'],
  },
  'src/grade/compile.test.ts': {
    may: ['vitest', '#linux', './node/run.ts', 'node:fs'],
    mayNot: ['#course/catalogue', '../cli/grade.ts'],
  },
  'exercises/05-one-fault/exercise.ts': {
    may: ['#linux', '#explore'],
    mayNot: ['#grade/matchers', './solution.ts', 'vitest', 'node:fs'],
  },
  'exercises/05-one-fault/wrong/no-recheck.ts': {
    may: ['#linux', '#explore'],
    mayNot: ['../solution.ts', '../../../src/linux/index.ts'],
  },
  'exercises/05-one-fault/exercise.test.ts': {
    may: ['#linux', '#explore', '#grade/matchers', 'vitest', './exercise.ts', './shared/board.ts'],
    mayNot: ['#grade/verdict', './solution.ts', 'node:fs', '#course/catalogue'],
  },
  'exercises/05-one-fault/shared/board.ts': {
    may: ['#linux', '#explore', './patches.ts'],
    mayNot: ['#grade/matchers', '../solution.ts', '../variants.ts', 'vitest', 'node:fs', '#course/catalogue'],
  },
};

const sentences: ((specifier: string) => string)[] = [
  (specifier) => `import '${specifier}';`,
  (specifier) => `import type { T } from '${specifier}';`,
  (specifier) => `export * from '${specifier}';`,
  (specifier) => `await import('${specifier}');`,
];

/** Builds a house of these files in an empty folder and lints it; returns the text of each line that breaks the rule, behind its file. */
function broken(rule: string, files: Record<string, string[]>): string[] {
  const house = mkdtempSync(join(tmpdir(), 'faultline-walls-'));
  try {
    for (const [file, lines] of Object.entries(files)) {
      mkdirSync(dirname(join(house, file)), { recursive: true });
      writeFileSync(join(house, file), lines.join('\n'));
    }
    for (const config of ['biome.jsonc', 'biome.walls.jsonc']) copyFileSync(config, join(house, config));
    const biome = resolve('node_modules/@biomejs/biome/bin/biome');
    const { stdout } = spawnSync(
      process.execPath,
      [biome, 'lint', `--only=${rule}`, '--reporter=json', '--max-diagnostics=none'],
      { cwd: house, encoding: 'utf8' },
    );
    const { diagnostics } = JSON.parse(stdout) as {
      diagnostics: { location: { path: string; start: { line: number } } }[];
    };
    const places = diagnostics.map(({ location: { path, start } }) => `${path}: ${files[path]?.[start.line - 1]}`);
    return [...new Set(places)].sort();
  } finally {
    rmSync(house, { recursive: true, force: true });
  }
}

/** For each file, what `line` makes of its entries, chosen by `of`. */
const filesOf = (of: (room: { may: string[]; mayNot: string[] }) => string[], line: (specifier: string) => string) =>
  Object.fromEntries(Object.entries(rooms).map(([file, room]) => [file, of(room).map(line)]));

describe('the walls between the rooms', () => {
  test.each(sentences.map((sentence) => [sentence('…'), sentence] as const))('%s', (_, sentence) => {
    const files = filesOf(({ may, mayNot }) => [...may, ...mayNot], sentence);
    const forbidden = Object.entries(filesOf(({ mayNot }) => mayNot, sentence));
    const expected = forbidden.flatMap(([file, lines]) => lines.map((line) => `${file}: ${line}`));
    expect(broken('style/noRestrictedImports', files)).toEqual(expected.sort());
  });
});

describe('the naming rule', () => {
  const ours = [
    'const aName = 1;',
    'class AName {}',
    'const A_NAME = 1;',
    'const _PAGE_RW = 2;',
    "import { vm_area_struct } from '#linux';",
    'const world = { vm_start: 0 };',
  ];
  const kernels = [
    'function vmf_insert_pfn() {}',
    'export function __vfio_pci_add_vma() {}',
    'interface vm_fault { vm_pgoff: number }',
  ];
  const strange = ['const a_Name = 1;', 'function Mutex_lock() {}'];
  const roomsOfKernel = ['src/linux/mm/memory.ts', 'exercises/05-one-fault/solution.ts', 'tests/parity.test.ts'];
  const otherRooms = [
    'src/explore/search.ts',
    'src/grade/compile.ts',
    'src/course/catalogue.ts',
    'src/cli/learn.ts',
    'src/site/early.ts',
  ];

  test('snake_case stands only where Linux is written, and no third style anywhere', () => {
    const all = [...ours, ...kernels, ...strange];
    const files = Object.fromEntries([...roomsOfKernel, ...otherRooms].map((file) => [file, all]));
    const expected = [
      ...[...roomsOfKernel, ...otherRooms].flatMap((file) => strange.map((line) => `${file}: ${line}`)),
      ...otherRooms.flatMap((file) => kernels.map((line) => `${file}: ${line}`)),
    ];
    expect(broken('style/useNamingConvention', files)).toEqual(expected.sort());
  });
});
