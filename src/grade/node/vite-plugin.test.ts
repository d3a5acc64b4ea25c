import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';

const fixtures = fileURLToPath(new URL('../fixtures/', import.meta.url));
// Inside the project, so that its modules are found.
mkdirSync('.cache', { recursive: true });
const course = mkdtempSync(resolve('.cache/course-'));
cpSync(fixtures, course, { recursive: true });
const config = join(mkdtempSync(join(tmpdir(), 'faultline-')), 'vitest.config.mjs');
writeFileSync(
  config,
  `import { faultline } from ${JSON.stringify(new URL('./vite-plugin.ts', import.meta.url).href)};
   export default {
     root: ${JSON.stringify(course)},
     plugins: [faultline({ root: ${JSON.stringify(`${pathToFileURL(course).href}/`)}, loads: true })],
     test: { include: ['exercises/*/exercise.test.ts'] },
   };`,
);
afterAll(() => {
  rmSync(course, { recursive: true });
  rmSync(config);
});

/** Status of each check, as an editor's Vitest sees it, and all that it writes. */
function run(): { statuses: string[]; text: string } {
  const report = join(course, 'report.json');
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--config',
    config,
    '--reporter=json',
    `--outputFile=${report}`,
  ];
  spawnSync(process.execPath, args);
  const text = readFileSync(report, 'utf8');
  const { testResults } = JSON.parse(text) as { testResults: { assertionResults: { status: string }[] }[] };
  return { statuses: testResults.flatMap((file) => file.assertionResults.map(({ status }) => status)), text };
}

describe('in an editor, plain Vitest runs a grader', () => {
  test('on the starter, where the learner has no file yet', () => {
    const { statuses, text } = run();
    expect(statuses).toEqual(['passed', 'failed', 'failed']);
    expect(text).toContain('Schedule: A-B2-A');
  });

  test('on the learner’s file', () => {
    mkdirSync(join(course, 'my'));
    cpSync(join(course, 'exercises/05-two-counters/solution.ts'), join(course, 'my/two-counters.ts'));
    expect(run().statuses).toEqual(['passed', 'passed', 'passed']);
  });
});
