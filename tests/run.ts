/** `npm test`: lint, unit tests, the course check, the build, the browser tests and a real kernel; each runs whether or not the one before it passed. */

import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import type { LabCheck } from '../src/cli/lab-check-command.ts';
import { findBrowser, howToInstall } from './browser/find-browser.ts';
import { labTotal, type Report, summary, type Total, totalOf } from './totals.ts';

const reports = '.cache/reports';

function exitOf(command: string, args: string[], shell = false): Promise<number | null> {
  const child = spawn(command, args, { stdio: 'inherit', shell });
  return new Promise((done, failed) => child.once('error', failed).once('close', done));
}

/** One of package.json's scripts, which passes or fails as a whole. On Windows npm is a batch file, which only a shell can start. */
async function script(name: string): Promise<Total> {
  const code = await exitOf('npm', ['run', '--silent', name], process.platform === 'win32');
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

async function vitest(project: string): Promise<Total> {
  const path = `${reports}/${project}.json`;
  rmSync(path, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${path}`];
  const code = await exitOf(process.execPath, [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--project',
    project,
    ...reporters,
  ]);
  return totalOf(readJson<Report>(path), code);
}

/** The browser tests; where no browser can be had they do not run, and for CI that is a failure. */
async function browserTests(build: Total): Promise<Total> {
  if (build.failed) return { passed: 0, failed: 0, notRun: 'there is no site to look at, because the build failed' };
  let problem: string | undefined;
  try {
    problem = (await findBrowser()) ? undefined : 'no browser is installed';
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
    console.error(error);
  }
  if (problem === undefined) return vitest('browser');
  const failed = process.env.CI ? 1 : 0;
  return { passed: 0, failed, notRun: `${problem}. One is had with:  ${howToInstall()}` };
}

/** Fresh runs of a real kernel, held against the simulation: minutes, so for CI alone, and only where a kernel can be had. */
async function realKernel(): Promise<Total> {
  if (!process.env.CI) return { passed: 0, failed: 0, notRun: 'it takes minutes. Once:  npm run lab:check' };
  const path = `${reports}/lab.json`;
  rmSync(path, { force: true });
  const code = await exitOf(process.execPath, [
    'src/cli/run.cjs',
    'src/cli/lab-check.ts',
    '--optional',
    '--report',
    path,
  ]);
  return labTotal(readJson<LabCheck>(path), code);
}

mkdirSync(reports, { recursive: true });
const stages = new Map<string, Total>();

async function stage(name: string, run: () => Promise<Total>): Promise<Total> {
  console.log(`\n── ${name}\n`);
  const total = await run();
  stages.set(name, total);
  return total;
}

await stage('lint', () => script('lint'));
await stage('unit tests', () => vitest('unit'));
await stage('course check', () => script('check'));
const build = await stage('build', () => script('build'));
await stage('browser tests', () => browserTests(build));
await stage('real kernel', realKernel);

console.log(`\n${summary(stages)}`);
process.exitCode = [...stages.values()].some(({ failed }) => failed > 0) ? 1 : 0;
