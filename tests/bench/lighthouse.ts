/**
 * Lighthouse's scores of the home page and two lessons, as on a mid-range phone with a slow network; and what it takes points off for.
 * It is no dependency of the project (186 MB): npm fetches it for this alone.
 */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { findBrowser } from '../browser/find-browser.ts';

const LIGHTHOUSE = 'lighthouse@12.8.2';
const dist = resolve(import.meta.dirname, '../../dist');
const pages = ['/', '/lessons/one-fault/', '/lessons/what-was-merged/'];

/** As much of its report as is read here. */
interface Report {
  readonly categories: Readonly<Record<string, Category>>;
  readonly audits: Readonly<Record<string, { readonly score: number | null; readonly displayValue?: string }>>;
}

interface Category {
  readonly title: string;
  readonly score: number;
  readonly auditRefs: readonly { readonly id: string; readonly weight: number }[];
}

/** The server has a thread of its own: this one waits for a process at a time. */
async function served(): Promise<{ url: string; worker: Worker }> {
  const script = `
    import { parentPort } from 'node:worker_threads';
    import { serve } from ${JSON.stringify(new URL('../../src/cli/serve.ts', import.meta.url).href)};
    const { port } = await serve(${JSON.stringify(dist)}, { port: 0, host: '127.0.0.1' });
    parentPort.postMessage(port);`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(script)}`));
  const port = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  return { url: `http://127.0.0.1:${port}`, worker };
}

/** Undefined where it cannot be fetched, or does not run. */
function reportOn(address: string, browser: string, folder: string): Report | undefined {
  const file = join(folder, 'report.json');
  const flags = '--headless=new --no-sandbox --disable-gpu --disable-background-networking';
  const args = [
    '--yes',
    LIGHTHOUSE,
    address,
    '--quiet',
    '--output=json',
    `--output-path=${file}`,
    `--chrome-flags=${flags}`,
  ];
  const { status } = spawnSync('npx', args, { cwd: folder, env: { ...process.env, CHROME_PATH: browser } });
  return status === 0 ? (JSON.parse(readFileSync(file, 'utf8')) as Report) : undefined;
}

function linesOf(page: string, { categories, audits }: Report): string[] {
  const all = Object.values(categories);
  const scores = all.map(({ title, score }) => `${title} ${Math.round(score * 100)}`).join(', ');
  const losses = all
    .flatMap(({ auditRefs }) => auditRefs)
    .flatMap(({ id, weight }) => {
      const { score = null, displayValue = '' } = audits[id] ?? {};
      return weight > 0 && score !== null && score < 0.9 ? [`    ${id} ${displayValue}`.trimEnd()] : [];
    });
  return [`  ${page}: ${scores}`, ...losses];
}

const browser = await findBrowser();
const folder = mkdtempSync(join(tmpdir(), 'faultline-'));
const { url, worker } = await served();
console.log('\nLighthouse, as on a phone:');
for (const page of pages) {
  const report = browser && reportOn(url + page, browser.executablePath, folder);
  console.log(
    ...(report
      ? [linesOf(page, report).join('\n')]
      : [`  ${page}: ${LIGHTHOUSE} could not be had, or found no browser.`]),
  );
  if (!report) break;
}
await worker.terminate();
rmSync(folder, { recursive: true });
