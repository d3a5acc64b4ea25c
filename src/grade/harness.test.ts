import { runInThisContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { cell, type Program, type Steps } from '#explore';
import type { GraderCheck, ReadChecks } from './checks.ts';
import { type GradedExercise, serve } from './harness.ts';
import { judgeHolds } from './judge.ts';
import type { GradeRequest, GraderMessage } from './protocol.ts';
import { currentSession, type Finding } from './session.ts';
import { exportsOf } from './starter.ts';
import { submissionExports } from './submission.ts';
import { type Check, sha256Of, type Verdict } from './verdict.ts';

const starter = `import { type Cell, type Steps, write } from '#explore';
export function* put(counter: Cell<number>): Steps {}
export const answer = 0;
`;
const right = `import { type Cell, type Steps, write } from '#explore';
export function* put(counter: Cell<number>): Steps {
  yield* write(counter, 1);
}
export const answer = 42;
`;

/** The submission puts 1 where 0 was. */
const putting: Program<{ counter: ReturnType<typeof cell<number>> }> = {
  name: 'putting',
  setup: () => ({ counter: cell(0, 'counter') }),
  tasks: ({ counter }) => ({ A: () => (submissionExports().put as (...args: unknown[]) => Steps)(counter) }),
  check: ({ counter }, now) => (now.get(counter) === 1 ? undefined : `wrong value: ${now.get(counter)}`),
};

const check = (id: string, stage: number, run: () => unknown = () => {}): GraderCheck => ({ id, name: id, stage, run });

const checks = [
  check('puts', 1, () => found(judgeHolds(putting, { 'check: wrong value': 'forgets', check: 'other' }))),
  check('answers', 1, () => plain(submissionExports().answer === 42)),
  check('later', 2),
];

function found(finding: Finding | undefined): void {
  currentSession().finding = finding;
  if (finding) throw new Error('as Vitest does');
}

function plain(holds: boolean): void {
  if (!holds) throw Object.assign(new Error('expected 42'), { name: 'AssertionError' });
}

/** As read-checks.ts reads them, without their being declared. */
const having =
  (checks: readonly GraderCheck[]): ReadChecks =>
  async (importGrader) => {
    try {
      await importGrader();
      return { checks, failures: [] };
    } catch (error) {
      return { checks: [], failures: [String(error)] };
    }
  };

const exercise: GradedExercise = {
  id: 'putting',
  exports: exportsOf(starter),
  misconceptions: { forgets: { because: 'Because.', lesson: '/lessons/x/' } },
  importGrader: async () => {},
};

async function messagesOf(
  request: Omit<GradeRequest, 'exercise'>,
  graded = exercise,
  declared: readonly GraderCheck[] = checks,
): Promise<GraderMessage[]> {
  const messages: GraderMessage[] = [];
  const evaluate = (expression: string) => runInThisContext(expression);
  const tell = (message: GraderMessage) => void messages.push(message);
  await serve(graded, { exercise: graded.id, ...request }, { tell, evaluate, readChecks: having(declared) });
  return messages;
}

async function verdictOf(source: string, graded = exercise): Promise<Verdict> {
  const last = (await messagesOf({ source }, graded)).at(-1);
  return (last as { verdict: Verdict }).verdict;
}

const statuses = ({ checks }: Verdict) => checks.map((check: Check) => check.status);

describe('a verdict', () => {
  test('passes', async () => {
    const verdict = await verdictOf(right);
    expect(verdict).toMatchObject({ outcome: 'passed', exercise: 'putting', submission: sha256Of(right), errors: [] });
    expect(statuses(verdict)).toEqual(['passed', 'passed', 'passed']);
    expect(verdict.checks[0]?.explored).toMatchObject({ complete: true, interleavings: '1' });
  });

  test('names the misconception, its text and where to read', async () => {
    const verdict = await verdictOf(right.replace('1);', '2);'));
    expect(verdict.outcome).toBe('failed');
    expect(verdict.checks[0]).toMatchObject({
      status: 'failed',
      misconception: 'forgets',
      because: 'Because.',
      lesson: '/lessons/x/',
      schedule: expect.stringMatching(/^1\.puts\.1\.[0-9a-f]{8}~A$/),
    });
  });

  test('leaves the next stage until all of this one pass, and runs all of this one', async () => {
    expect(statuses(await verdictOf(right.replace('1);', '2);')))).toEqual(['failed', 'passed', 'not run']);
  });

  test('says what a plain expect says', async () => {
    const verdict = await verdictOf(right.replace('42', '41'));
    expect(verdict.checks[1]?.message).toMatchObject({ id: 'expectation', text: 'expected 42' });
  });
});

describe('a submission that is not there to judge', () => {
  test('broken: errors with their lines, and no check runs', async () => {
    const verdict = await verdictOf(right.replace('{\n', '{\n  const = 1;\n'));
    expect(verdict.outcome).toBe('broken');
    expect(verdict.errors).toMatchObject([{ line: 3, message: { id: 'syntax' } }]);
    expect(statuses(verdict)).toEqual(['not run', 'not run', 'not run']);
  });

  test('refused when it is loaded: a name that no module has', async () => {
    const verdict = await verdictOf("import { writ } from '#explore';\nexport const answer = writ;");
    expect(verdict.outcome).toBe('broken');
    expect(verdict.errors[0]?.message.text).toContain('`write`');
  });

  test('a missing export is the first check’s failure, with what to write', async () => {
    const verdict = await verdictOf(right.replace('put(', 'putt('));
    expect(verdict.outcome).toBe('failed');
    expect(statuses(verdict)).toEqual(['failed', 'not run', 'not run']);
    expect(verdict.checks[0]?.message).toMatchObject({
      id: 'missing export',
      values: { name: 'put', write: 'export function* put(counter) { … }' },
    });
  });

  test('a value where a function must be', async () => {
    const verdict = await verdictOf('export const put = 1, answer = 42;');
    expect(verdict.checks[0]?.message).toMatchObject({ id: 'no function', values: { name: 'put' } });
  });

  test('an exception when it is loaded', async () => {
    const verdict = await verdictOf(`const x = null.length;\n${right}`);
    expect(statuses(verdict)).toEqual(['failed', 'not run', 'not run']);
    expect(verdict.checks[0]).toMatchObject({
      message: { id: 'exception.at load' },
      native: expect.stringContaining('TypeError'),
    });
  });

  test.each([
    'class Fault { get kind() { throw 1; } get message() { throw 1; } }\nthrow new Fault();',
    "class Fault { kind = 'none'; }\nthrow new Fault();",
    "throw Object.create(Object.defineProperty({}, 'constructor', { get() { throw 1; } }));",
  ])('an exception that only looks like the engine’s: %s', async (code) => {
    const verdict = await verdictOf(`${right}\n${code}\n`);
    expect(verdict.checks[0]).toMatchObject({ status: 'failed', message: { id: 'exception.at load' } });
  });

  test('an endless loop when it is loaded, with its line', async () => {
    const verdict = await verdictOf(`${right}\nfor (;;) {}\n`);
    expect(verdict.checks[0]?.message?.text).toContain('line 7');
  });

  test('an export named errors is an export like any other', async () => {
    expect((await verdictOf(`${right}export const errors = [];`)).outcome).toBe('passed');
  });
});

describe('a grader that cannot be read', () => {
  const unreadable = { ...exercise, importGrader: () => Promise.reject(new Error('no such file')) };

  test('is no fault of the submission', async () => {
    const verdict = await verdictOf(right, unreadable);
    expect(verdict.outcome).toBe('failed');
    expect(verdict.checks).toMatchObject([
      { id: 'load', message: { id: 'grader failed' }, native: 'Error: no such file' },
    ]);
  });

  test.each([
    ['no id', [check('', 1)], 'needs { meta: { id, stage } }'],
    ['twice the same id', [check('a', 1), check('a', 1)], 'another check with the id “a”'],
    ['stages out of order', [check('a', 2), check('b', 1)], 'behind a check of a later stage'],
  ])('declares a check badly: %s', async (_, declared, words) => {
    const { verdict } = (await messagesOf({ source: right }, exercise, declared)).at(-1) as { verdict: Verdict };
    expect(verdict.outcome).toBe('failed');
    expect(verdict.checks.at(-1)).toMatchObject({
      message: { id: 'grader failed' },
      native: expect.stringContaining(words),
    });
  });

  test('because the submission lacks what it reads: that is said', async () => {
    const verdict = await verdictOf('export const answer = 1;', unreadable);
    expect(verdict.checks).toMatchObject([{ message: { id: 'missing export' } }]);
  });
});

test('what is told on the way: loading, all checks not run, each check begun and ended', async () => {
  const kinds = (await messagesOf({ source: right })).map((message) => Object.keys(message)[0]);
  const perCheck = ['checking', 'checked'];
  expect(kinds).toEqual(['checking', 'known', ...perCheck, ...perCheck, ...perCheck, 'verdict']);
});

describe('a replay', () => {
  const replay = async (schedule: string, source = right) => (await messagesOf({ source, replay: schedule })).at(-1);

  test('runs the program that the schedule points at', async () => {
    const { schedule = '' } = (await verdictOf(right.replace('1);', '2);'))).checks[0] ?? {};
    expect(await replay(schedule, right.replace('1);', '2);'))).toMatchObject({
      replayed: { sameCode: true, trace: { program: 'putting', ending: { kind: 'check' } } },
    });
    expect(await replay(schedule)).toMatchObject({
      replayed: { sameCode: false, trace: { ending: { kind: 'returned' } } },
    });
  });

  test.each([
    ['A-B', 'replay.not a link'],
    ['1.puts.1.0~B', 'There is no task B'],
    ['1.puts.2.0~A', 'no program number 2'],
    ['1.nothing.1.0~A', 'no such check'],
  ])('%s is refused', async (schedule, words) => {
    const refused = await replay(schedule);
    expect(refused).toHaveProperty('refused');
    if (!words.startsWith('replay.'))
      expect((refused as { refused: string }).refused.toLowerCase()).toContain(words.toLowerCase());
  });

  test('is refused where the submission does not run', async () => {
    expect(await replay('1.puts.1.0~A', 'nonsense(')).toHaveProperty('refused');
  });
});
