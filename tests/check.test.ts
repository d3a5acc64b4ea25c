/** The course check, with the real grader, on a copy of a small course: content when it is in order, clear when it is not. */

import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkCommand } from '../src/cli/check/command.ts';
import { requestOf } from '../src/cli/check/gradings.ts';
import { typeProblemsInThread } from '../src/cli/check/types-thread.ts';
import { plainLook } from '../src/cli/look.ts';
import { projectRoot } from '../src/course/node/course-files.ts';
import { openGrader } from '../src/grade/node/grade.ts';

const exercise = 'exercises/05-count-a-fault';

/** Copies the course, changes some of its files, and checks it. */
async function check(changes: Record<string, (text: string) => string>): Promise<{ code: number; output: string }> {
  const root = await copyOfCourse();
  for (const [file, change] of Object.entries(changes)) {
    const before = await readFile(join(root, file), 'utf8');
    const after = change(before);
    expect(after).not.toBe(before);
    await writeFile(join(root, file), after);
  }
  const grader = openGrader({ root: pathToFileURL(join(root, '/')).href });
  const lines: string[] = [];
  const say = (...more: string[]) => void lines.push(...more);
  try {
    const code = await checkCommand(
      {
        root,
        look: plainLook,
        grade: (answer) => grader.grade(requestOf(answer)),
        typeProblems: typeProblemsInThread,
        say,
        complain: say,
      },
      [],
    );
    return { code, output: lines.join('\n') };
  } finally {
    await grader.close();
  }
}

/** Inside the project, so that graders find '#explore' and Vitest. */
async function copyOfCourse(): Promise<string> {
  await mkdir(join(projectRoot, '.cache'), { recursive: true });
  const root = await mkdtemp(join(projectRoot, '.cache', 'course-'));
  copies.push(root);
  await cp(join(projectRoot, 'tests', 'fixtures', 'course'), root, { recursive: true });
  for (const file of ['tsconfig.base.json', join('exercises', 'tsconfig.json')]) {
    await cp(join(projectRoot, file), join(root, file));
  }
  return root;
}

const copies: string[] = [];
afterAll(() => Promise.all(copies.map((copy) => rm(copy, { recursive: true, force: true }))));

describe('a course in order', () => {
  it('passes, with the matrix of its answers and checks', async () => {
    const { code, output } = await check({});
    expect(output).toContain(`count-a-fault
  1  stage 1  one
  2  stage 2  at-once
                             1  2
  starter                    +  X  nobody-in-between
  solution                   +  +
  solution (fresh)           +  +
  solution (harder)          +  +
  right/compare-and-swap.ts  +  +
  right/update-to.ts         +  +
  wrong/increment.ts         +  X  nobody-in-between
  wrong/read-twice.ts        +  X  nobody-in-between
  wrong/same-number.ts       X  .  same-number-back
  wrong/swap-once.ts         +  X  swap-without-loop
  wrong/write-one.ts         +  X  nobody-in-between`);
    expect(output).toMatch(/The course is in order: 1 lessons, 1 exercises, 0 terms, 11 gradings\.$/);
    expect(code).toBe(0);
  });
});

describe('a course with six faults', () => {
  let result: { code: number; output: string };

  beforeAll(async () => {
    const answers = join(projectRoot, 'tests', 'fixtures', 'course', exercise);
    const solution = await readFile(join(answers, 'solution.ts'), 'utf8');
    const starter = await readFile(join(answers, 'exercise.ts'), 'utf8');
    result = await check({
      [`${exercise}/wrong/swap-once.ts`]: () => `// misconception: swap-without-loop\n${solution}`,
      [`${exercise}/right/update-to.ts`]: () => starter,
      [`${exercise}/hints.md`]: (text) => text.replace('There is an operation that does both.', ''),
      'content/lessons/05-count-a-fault.mdx': (text) => `${text}\nSee [the rule](#the-ruel).\n`,
      'content/workshop/notes/05-count-a-fault.md': (text) => text.replace('### same-number-back', '### same-number'),
      'content/workshop/tracks/half-an-hour.yaml': (text) => text.replace('minutes: 30', 'minutes: 25'),
    });
  });

  it('fails, and says how many there are', () => {
    expect(result.code).toBe(1);
    expect(result.output).toMatch(/\n6 problems in 1 lessons, 1 exercises, 0 terms, 11 gradings\.$/);
  });

  it.each([
    [
      'a wrong answer that was made right',
      `${exercise}/wrong/swap-once.ts: a wrong answer fails
    It passes every check: add a check that catches "swap-without-loop", or move the file to right/.`,
    ],
    [
      'a right answer that was made wrong',
      `${exercise}/right/update-to.ts: a right answer passes
    It comes out as failed in the check "at-once" (schedule 1.at-once.1.`,
    ],
    [
      'a hint that was emptied',
      `${exercise}/hints.md: an exercise has 3 hints, from a nudge to nearly there
    Hint 2 is empty: write it.`,
    ],
    [
      'a link that was broken',
      `content/lessons/05-count-a-fault.mdx:19: a link leads to a page and an anchor that exist
    There is no "#the-ruel" on that page. Did you mean "the-rule"?`,
    ],
    [
      'notes on what the course does not know',
      `content/workshop/notes/05-count-a-fault.md:22: people stick at a misconception that the course knows
    "same-number" stands neither in ${exercise}/hints.md nor in content/misconceptions/.`,
    ],
    [
      'a track that does not fit into its time',
      `content/workshop/tracks/half-an-hour.yaml: a track fits into its time
    Its parts come to 28 minutes, and it has 25: take out 3.`,
    ],
  ])('names %s', (_, problem) => expect(result.output).toContain(problem));
});

describe('what is found only by grading or compiling', () => {
  it('is named too', async () => {
    const { code, output } = await check({
      [`${exercise}/wrong/same-number.ts`]: (text) => text.replace('same-number-back', 'swap-without-loop'),
      [`${exercise}/wrong/write-one.ts`]: (text) => text.replace('write(faults, 1);', 'write(faults, 1;'),
      [`${exercise}/exercise.ts`]: (text) => text.replace('before + 1', '`${before}`'),
      [`${exercise}/variants.ts`]: (text) => text.replace('counted: 3', 'counted: 4'),
    });
    expect(code).toBe(1);
    expect(output).toContain(`${exercise}/wrong/same-number.ts:1: a wrong answer fails with its misconception's name
    "swap-without-loop" should be named, but "same-number-back" is named.`);
    expect(output).toContain(`${exercise}/wrong/write-one.ts:5: every answer of an exercise compiles`);
    expect(output).toContain(`${exercise}/solution.ts: the solution passes in the harder variant`);
    expect(output).not.toContain('in the fresh variant');
    expect(output).toMatch(/exercise\.ts:6: every file of an exercise type-checks\n {4}Argument of type 'string'/);
  });

  it('names a grader that cannot be run', async () => {
    const { code, output } = await check({
      [`${exercise}/exercise.test.ts`]: (text) => `${text}\nthrow new Error('oops');\n`,
    });
    expect(code).toBe(1);
    expect(output.match(/exercise\.test\.ts: a grader can be run\n {4}Grading ends with: .*oops/g)).toHaveLength(1);
  });
});
