import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findExercise, type Problem, readCatalogue } from '#course/catalogue';
import { projectRoot } from '#course/node/course-files';
import { say } from '#grade/texts';
import type { Verdict } from '#grade/verdict';
import { check, smallCourse, verdict } from '../fixtures.ts';
import { plainLook } from '../look.ts';
import { type CheckDesk, checkCommand } from './command.ts';
import { type Answer, answerProblem, answersOf, type GradedAnswer, gradeAll } from './gradings.ts';
import { matrixLines } from './matrix.ts';
import { typeProblemsInThread } from './types-thread.ts';

const passed = verdict([check('one', 1), check('two', 2)]);
const failing = (misconception?: string) =>
  verdict([
    check('one', 1),
    check('two', 2, {
      status: 'failed',
      message: say('refused', { says: 'It breaks.' }),
      schedule: '1.two.1.abcd~A-B',
      ...(misconception === undefined ? {} : { misconception }),
    }),
    check('three', 3, { status: 'not run' }),
  ]);
const broken = verdict([], {
  outcome: 'broken',
  errors: [{ line: 7, message: say('syntax', { says: 'Unexpected token.' }) }],
});
const crashed = verdict([check('x', 1, { status: 'failed', message: say('grader failed'), native: 'no such module' })]);

const answer = (role: Answer['role'], more: Partial<Answer> = {}): Answer => ({
  exercise: 'one-fault',
  role,
  file: `exercises/05-one-fault/${role === 'wrong' ? 'wrong/a' : role}.ts`,
  source: 'code',
  ...more,
});
const wrong = answer('wrong', { misconception: 'early-unlock' });
const problem = (of: Answer, came: Verdict) => answerProblem({ answer: of, result: { verdict: came } });

describe('answersOf', () => {
  it('grades the solution in each variant, and leaves out what is not there', () => {
    const files = {
      ...smallCourse,
      'exercises/05-one-fault/right/a.ts': 'right',
      'exercises/05-one-fault/wrong/b.ts': '// misconception: early-unlock\nwrong',
      'exercises/10-be-the-scheduler/solution.ts': '',
    };
    const catalogue = readCatalogue(files);
    const rolesOf = (id: string) => {
      const exercise = findExercise(catalogue, id);
      return exercise ? answersOf(exercise).map(({ role, variant }) => (variant ? `${role} ${variant}` : role)) : [];
    };
    expect(rolesOf('one-fault')).toEqual([
      'starter',
      'solution',
      'solution fresh',
      'solution harder',
      'right',
      'wrong',
    ]);
    expect(rolesOf('be-the-scheduler')).toEqual(['starter']);
  });
});

describe('answerProblem', () => {
  it('is content with what comes out as it should', () => {
    expect(problem(answer('starter'), failing())).toBeUndefined();
    expect(problem(answer('solution'), passed)).toBeUndefined();
    expect(problem(answer('right'), passed)).toBeUndefined();
    expect(problem(wrong, failing('early-unlock'))).toBeUndefined();
  });

  it.each<[string, Answer, Verdict, string, string]>([
    ['a starter that passes', answer('starter'), passed, 'a starter fails', 'nothing to do'],
    [
      'a solution that fails',
      answer('solution'),
      failing(),
      'the solution passes',
      'check "two" (schedule 1.two.1.abcd~A-B): It breaks.',
    ],
    [
      'one that fails in a variant',
      answer('solution', { variant: 'harder' }),
      failing(),
      'the solution passes in the harder variant',
      'Mend',
    ],
    ['a right answer that fails', answer('right'), failing(), 'a right answer passes', 'too strict'],
    ['a wrong answer that passes', wrong, passed, 'a wrong answer fails', 'move the file to right/'],
    [
      'another misconception',
      wrong,
      failing('lock-order'),
      "a wrong answer fails with its misconception's name",
      '"lock-order" is named',
    ],
    ['no misconception', wrong, failing(), "a wrong answer fails with its misconception's name", 'none is named'],
    ['what does not compile', wrong, broken, 'every answer of an exercise compiles', 'Unexpected token.'],
  ])('names %s', (_, of, came, rule, advice) => {
    expect(problem(of, came)).toMatchObject({ file: of.file, rule });
    expect(problem(of, came)?.advice).toContain(advice);
  });

  it('gives the line of what does not compile', () => expect(problem(wrong, broken)?.line).toBe(7));
});

describe('gradeAll', () => {
  it('keeps so many at work, and tells a grader that fails from an answer that does', async () => {
    let [atWork, most] = [0, 0];
    const results: GradedAnswer[] = [];
    const grade = async ({ file }: Answer) => {
      most = Math.max(most, ++atWork);
      await new Promise((resolve) => setTimeout(resolve, 1));
      atWork--;
      if (file.includes('starter')) throw new Error('no worker');
      return file.includes('solution') ? crashed : passed;
    };
    const answers = [answer('starter'), answer('solution'), answer('right'), wrong];
    await gradeAll(answers, grade, { atOnce: 2, done: (graded) => results.push(graded) });
    expect(most).toBe(2);
    expect(results.map(({ result }) => ('failure' in result ? result.failure : result.verdict.outcome))).toEqual([
      'no worker',
      'no such module',
      'passed',
      'passed',
    ]);
    expect(results[0] && answerProblem(results[0])?.rule).toBe('a grader can be run');
  });
});

describe('matrixLines', () => {
  it('has a row for each answer and a column for each check', () => {
    const graded: GradedAnswer[] = [
      { answer: answer('starter'), result: { verdict: failing() } },
      { answer: answer('solution', { variant: 'fresh' }), result: { verdict: failing('early-unlock') } },
      { answer: wrong, result: { verdict: failing('early-unlock') } },
      { answer: answer('wrong', { file: 'x/wrong/b.ts' }), result: { verdict: broken } },
      { answer: answer('wrong', { file: 'x/wrong/c.ts' }), result: { failure: 'no worker' } },
    ];
    expect(matrixLines(plainLook, 'one-fault', graded).join('\n')).toBe(`one-fault
  1  stage 1  one
  2  stage 2  two
  3  stage 3  three
                    1  2  3
  starter           +  X  .
  solution (fresh)  +  X  .  early-unlock <-- see below
  wrong/a.ts        +  X  .  early-unlock
  wrong/b.ts        does not compile <-- see below
  wrong/c.ts        the grader failed <-- see below`);
  });

  it('draws an exercise without answers', () => expect(matrixLines(plainLook, 'x', [])).toHaveLength(2));
});

describe('with files', () => {
  let root: string;
  let said: string[];
  let complaints: string[];
  let asked: Answer[];
  let types: Problem[];
  let desk: CheckDesk;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'faultline-'));
    for (const [file, text] of Object.entries(smallCourse)) {
      await mkdir(dirname(join(root, file)), { recursive: true });
      await writeFile(join(root, file), text);
    }
    [said, complaints, asked, types] = [[], [], [], []];
    desk = {
      root,
      look: plainLook,
      say: (...lines) => void said.push(...lines),
      complain: (...lines) => void complaints.push(...lines),
      typeProblems: async () => types,
      grade: async (of) => {
        asked.push(of);
        return of.role === 'starter' ? failing() : passed;
      },
    };
  });
  afterEach(() => rm(root, { recursive: true }));

  describe('checkCommand', () => {
    it('fails with every problem named, and how many there are', async () => {
      expect(await checkCommand(desk, [])).toBe(1);
      expect(complaints.join('\n')).toContain(
        'exercises/15-reproduce-the-bug/wrong/: an exercise has at least 5 wrong answers\n    There are 0: add',
      );
      expect(complaints.at(-1)).toMatch(/^\d+ problems in 3 lessons, 3 exercises, 0 terms, 12 gradings\.$/);
    });

    it('shows the matrix of each exercise', async () => {
      await checkCommand(desk, []);
      expect(said.filter((line) => line.startsWith('  starter')).length).toBe(3);
    });

    it('looks at one exercise and its lesson alone, if asked', async () => {
      types = [{ file: 'exercises/10-be-the-scheduler/exercise.ts', line: 1, rule: 'types', advice: 'Mend it.' }];
      await checkCommand(desk, ['--only', 'one-fault']);
      expect(new Set(asked.map(({ exercise }) => exercise))).toEqual(new Set(['one-fault']));
      expect(complaints.some((line) => line.includes('be-the-scheduler'))).toBe(false);
      expect(complaints.some((line) => line.includes('05-one-fault'))).toBe(true);
    });

    it('reports type errors', async () => {
      types = [{ file: 'exercises/10-be-the-scheduler/exercise.ts', line: 1, rule: 'types', advice: 'Mend it.' }];
      await checkCommand(desk, []);
      expect(complaints).toContain('exercises/10-be-the-scheduler/exercise.ts:1: types\n    Mend it.');
    });

    it('suggests an id', async () => {
      expect(await checkCommand(desk, ['--only', 'one-fualt'])).toBe(2);
      expect(complaints.join('\n')).toBe('There is no exercise "one-fualt". Did you mean:\n  one-fault');
    });

    it('explains itself for wrong use', async () => {
      expect(await checkCommand(desk, ['--what'])).toBe(2);
      expect(complaints.join('\n')).toContain('npm run check');
    });

    it('is content with an empty course, and says how large it is', async () => {
      await rm(join(root, 'exercises'), { recursive: true });
      await rm(join(root, 'content'), { recursive: true });
      expect(await checkCommand(desk, [])).toBe(0);
      expect(said.at(-1)).toBe('The course is in order: 0 lessons, 0 exercises, 0 terms, 0 gradings.');
    });
  });

  describe('typeProblemsInThread', () => {
    it('names file and line of a type error', { timeout: 60_000 }, async () => {
      await cp(join(projectRoot, 'tsconfig.base.json'), join(root, 'tsconfig.base.json'));
      await cp(join(projectRoot, 'exercises', 'tsconfig.json'), join(root, 'exercises', 'tsconfig.json'));
      await writeFile(join(root, 'exercises/05-one-fault/exercise.ts'), '// one\nexport const page: number = "x";\n');
      const problems = await typeProblemsInThread(root);
      expect(problems).toMatchObject([{ file: 'exercises/05-one-fault/exercise.ts', line: 2 }]);
      expect(problems[0]?.advice).toContain("'string' is not assignable to type 'number'");
    });

    it('names missing settings', { timeout: 60_000 }, async () => {
      expect(await typeProblemsInThread(root)).toMatchObject([{ file: 'exercises/tsconfig.json' }]);
    });
  });
});
