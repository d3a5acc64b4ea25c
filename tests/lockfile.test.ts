import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { choosy } from './mend-lockfile.ts';

interface Entry {
  version?: string;
  resolved?: string;
  integrity?: string;
  link?: boolean;
  optional?: boolean;
  engines?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

type Lockfile = Record<string, Entry>;

/**
 * Optional dependencies (binaries of a platform) that are named but absent, as 'who → what'.
 * npm install leaves out silently what its registry lacks, and npm ci then refuses the lockfile, or another platform has no binary.
 */
const missingOptional = (packages: Lockfile): string[] => {
  const present = new Set(Object.keys(packages).map((path) => path.split('node_modules/').at(-1)));
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !present.has(name))
      .map((name) => `${path} → ${name}`),
  );
};

/** Packages that name the address they came from: another machine may reach its registry under another. */
const addressed = (packages: Lockfile): string[] => Object.keys(packages).filter((path) => packages[path]?.resolved);

/** Packages that nothing proves to be the ones we tried. */
const unproven = (packages: Lockfile): string[] =>
  Object.keys(packages).filter((path) => path !== '' && !packages[path]?.integrity && !packages[path]?.link);

/** Our own dependencies that are not one exact version. */
const loose = (packages: Lockfile): string[] => {
  const { dependencies, devDependencies, optionalDependencies } = packages[''] ?? {};
  return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
    .filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))
    .map(([name]) => name);
};

describe('package-lock.json', () => {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Lockfile };

  test('has every platform of every optional dependency', () => expect(missingOptional(packages)).toEqual([]));
  test('names no registry', () => expect(addressed(packages)).toEqual([]));
  test('has the integrity of every package', () => expect(unproven(packages)).toEqual([]));
  test('pins our own dependencies exactly', () => expect(loose(packages)).toEqual([]));
  test('has no optional package that npm would leave out because of its own Node: npm run lockfile mends it', () =>
    expect(choosy(packages)).toEqual([]));
});

describe('a bad lockfile', () => {
  const bad: Lockfile = {
    '': { dependencies: { tool: '^2.0.0' } },
    'node_modules/tool': {
      integrity: 'sha512-x',
      optionalDependencies: { '@tool/linux': '2.0.0', '@tool/darwin': '2.0.0' },
    },
    'node_modules/tool/node_modules/@tool/linux': {
      resolved: 'https://registry.example/linux.tgz',
      optional: true,
      engines: { node: '>=22' },
    },
  };

  test('lacks a platform', () => expect(missingOptional(bad)).toEqual(['node_modules/tool → @tool/darwin']));
  test('names a registry', () => expect(addressed(bad)).toEqual(['node_modules/tool/node_modules/@tool/linux']));
  test('has no integrity', () => expect(unproven(bad)).toEqual(['node_modules/tool/node_modules/@tool/linux']));
  test('names the Nodes of an optional package', () =>
    expect(choosy(bad)).toEqual(['node_modules/tool/node_modules/@tool/linux']));
  test('has a range', () => expect(loose(bad)).toEqual(['tool']));
});
