import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { canonicalJson } from '../verdict.ts';
import { gradeSubmission, openGrader } from './grade.ts';

const root = new URL('../fixtures/', import.meta.url).href;
const exercise = 'two-counters';
const fixture = (name: string) => readFileSync(new URL(`exercises/05-two-counters/${name}`, root), 'utf8');
const solution = fixture('solution.ts');
const grader = openGrader({ root, megabytes: 256 });
afterAll(() => grader.close());

const grade = (source: string, patience = 30) => grader.grade({ exercise, source }, { patience });
const textOf = async (source: string) => (await grade(source)).checks[0]?.message?.text ?? '';

/** The solution, with this in the place of its body. */
const withBody = (body: string) => solution.replace(/\{\n {2}yield[\s\S]*?\n\}/, `{\n${body}\n}`);

describe('gradeSubmission', () => {
  test('passes the solution', async () => {
    const verdict = await gradeSubmission({ exercise, source: solution, root });
    expect(verdict).toMatchObject({ outcome: 'passed', exercise, errors: [] });
    expect(verdict.checks.map(({ id, stage, status }) => [id, stage, status])).toEqual([
      ['one-task', 1, 'passed'],
      ['two-tasks', 2, 'passed'],
      ['ends', 2, 'passed'],
    ]);
  });

  test('names an exercise that is not there', async () => {
    await expect(gradeSubmission({ exercise: 'nothing', source: '', root })).rejects.toThrow('no exercise “nothing”');
  });
});

test.each([0, 300, 3000])('a thread that has rehearsed for %i ms says the same', async (milliseconds) => {
  const warm = openGrader({ root });
  warm.expect(exercise);
  try {
    await new Promise((resolve) => setTimeout(resolve, milliseconds)); // none of it is done, some, or all
    const source = fixture('exercise.ts');
    const [one, other] = await Promise.all([warm.grade({ exercise, source }), grader.grade({ exercise, source })]);
    expect(canonicalJson(one)).toBe(canonicalJson(other));
  } finally {
    await warm.close();
  }
});

describe('a grade', () => {
  test('fails the starter, with schedule, trace, misconception and its text', async () => {
    const { outcome, checks } = await grade(fixture('exercise.ts'));
    expect(outcome).toBe('failed');
    expect(checks.map(({ status }) => status)).toEqual(['passed', 'failed', 'failed']);
    expect(checks[1]).toMatchObject({
      misconception: 'read-then-write',
      because: expect.stringContaining('Both tasks read 0'),
      lesson: '/lessons/be-the-scheduler/#the-rule',
      schedule: expect.stringMatching(/^1\.two-tasks\.2\.[0-9a-f]{8}~A-B2-A$/),
      trace: { steps: expect.arrayContaining([expect.objectContaining({ picture: { counter: 1 } })]) },
    });
  });

  test('shows the learner’s functions and lines in a trace', async () => {
    const source = withBody('  yield* add(counter);').concat(
      '\nfunction* add(counter: Cell<number>) {\n  yield* write(counter, 2);\n}\n',
    );
    const { checks } = await grade(source);
    expect(checks[0]?.trace?.steps[0]?.stack).toEqual([
      { function: 'add', line: 10 },
      { function: 'count', line: 4 },
    ]);
  });

  test('is the same each time, to the byte', async () => {
    const [one, other] = [await grade(fixture('exercise.ts')), await grade(fixture('exercise.ts'))];
    expect(canonicalJson(one)).toBe(canonicalJson(other));
  });

  test('tells what goes on', async () => {
    const heard: unknown[] = [];
    await grader.grade({ exercise, source: solution }, { onProgress: ({ checking }) => heard.push(checking?.id) });
    expect([...new Set(heard)]).toEqual(['load', 'one-task', undefined, 'two-tasks', 'ends']);
  });
});

describe('slips are named, with their line', () => {
  test('a forgotten yield* of ours', async () => {
    expect(await textOf(withBody('  yield* write(counter, 1);\n  acquire(lock);'))).toContain('acquire() in line 5');
  });

  test('a forgotten yield* of the learner’s own function', async () => {
    expect(await textOf(withBody('  own();').concat('\nfunction* own() {}\n'))).toContain('own() in line 4');
  });

  test('an endless loop in a task', async () => {
    expect(await textOf(withBody('  yield* read(counter);\n  while (true) {}'))).toContain('line 5');
  });

  test('an endless loop at the top level', async () => {
    expect(await textOf(`${solution}\nwhile (true) {}`)).toContain('A loop does not end');
  });
});

describe('what cannot be stopped from inside', () => {
  test('a check that hangs is named, and the others stand as far as they are known', async () => {
    const { outcome, checks } = await grade(withBody("  /^(a+)+$/.test(`${'a'.repeat(50)}b`);"), 1);
    expect(outcome).toBe('stopped');
    expect(checks.map(({ id, status }) => [id, status])).toEqual([
      ['one-task', 'hung'],
      ['two-tasks', 'not run'],
      ['ends', 'not run'],
    ]);
    expect(checks[0]?.message).toMatchObject({ id: 'hung', values: { seconds: 1 } });
  });

  test('a submission that hangs while it is loaded', async () => {
    const { outcome, checks } = await grade(`${solution}\n/^(a+)+$/.test(\`\${'a'.repeat(50)}b\`);`, 1);
    expect(outcome).toBe('stopped');
    expect(checks).toMatchObject([{ id: 'load', status: 'hung' }]);
  });

  test('one that takes all the memory', async () => {
    const { outcome, checks } = await grade(
      withBody('  const all = [];\n  for (;;) all.push(new Array(100000).fill(1));'),
    );
    expect(outcome).toBe('stopped');
    expect(checks[0]).toMatchObject({ id: 'one-task', status: 'hung', message: { id: 'out of memory' } });
  });

  test('one that grows and then hangs is told of both', async () => {
    const { checks } = await grade(
      withBody(
        "  const kept = new Uint8Array(100 * 2 ** 20).fill(1);\n  if (/^(a+)+$/.test(`${'a'.repeat(50)}b`)) kept.fill(2);",
      ),
      1,
    );
    const { status, message } = checks[0] ?? {};
    expect({ status, id: message?.id }).toEqual({ status: 'hung', id: 'grows and grows' });
    expect(message?.values.megabytes).toBeGreaterThan(32);
  });

  test('one that is stopped by hand', async () => {
    const controller = new AbortController();
    const source = withBody("  /^(a+)+$/.test(`${'a'.repeat(50)}b`);");
    const onProgress = () => setTimeout(() => controller.abort(), 50);
    const { outcome, checks } = await grader.grade({ exercise, source }, { signal: controller.signal, onProgress });
    expect(outcome).toBe('stopped');
    expect(checks.every(({ status }) => status === 'not run')).toBe(true);
  });

  test('the next one is graded as if nothing had been', async () => {
    expect((await grade(solution)).outcome).toBe('passed');
  });
});

// What else it may try, and in vain: harden.test.ts.
describe('a submission that would pass by other means', () => {
  const wrong = fixture('exercise.ts');
  const tricks: Record<string, string> = {
    'Array.prototype.every': 'Array.prototype.every = () => true;',
    'a setter on Object.prototype':
      'Object.defineProperty(Object.prototype, "status", { get: () => "passed", set() {} });',
    'process.exit': '(globalThis as any).process.exit(0);',
  };

  test.each(Object.entries(tricks))('%s, when it is loaded and when it runs', async (_, trick) => {
    expect((await grade(`${wrong}\n${trick}\n`)).outcome).toBe('failed');
    expect((await grade(wrong.replace('  yield*', `  try {\n    ${trick}\n  } catch {}\n  yield*`))).outcome).toBe(
      'failed',
    );
  });

  test('finds none of the host’s globals', async () => {
    const names = [
      'process',
      'require',
      'fetch',
      'Buffer',
      'WebAssembly',
      'Worker',
      'BroadcastChannel',
      'navigator',
      'setInterval',
    ];
    const source = `${solution}\nif (${names.map((name) => `typeof (globalThis as any).${name} !== 'undefined'`).join(' || ')}) throw 1;\n`;
    expect((await grade(source)).outcome).toBe('passed');
  });

  test('but its own objects it may change as it likes', async () => {
    const own = [
      'class Own extends Error { toString() { return "own"; } }',
      'const error = new Own("a"); error.message = "b"; error.name = "N";',
      'const plain: any = {}; plain.toString = () => "plain"; plain.constructor = null;',
      'if (String(error) + plain !== "ownplain" || error.message !== "b") throw 1;',
    ];
    expect((await grade(`${solution}\nfunction check() {\n${own.join('\n')}\n}\ncheck();\n`)).outcome).toBe('passed');
  });

  test('a promise that fails, or never ends, is silent', async () => {
    const source = `${solution}\nPromise.reject(new Error('x'));\nconst again = (): any => Promise.resolve().then(again);\n`;
    expect((await grade(source)).outcome).toBe('passed');
  });
});

describe('replay', () => {
  test('runs the program of a schedule, and says whether it was made for this code', async () => {
    const starter = fixture('exercise.ts');
    const schedule = (await grade(starter)).checks[1]?.schedule ?? '';
    const ofStarter = await grader.replay({ exercise, source: starter, replay: schedule });
    expect(ofStarter).toMatchObject({ sameCode: true, trace: { program: 'two tasks', ending: { kind: 'check' } } });
    expect(ofStarter.trace.steps.map(({ task }) => task).join('')).toBe('ABBA');
    const shorter = schedule.replace(/~.*/, '~B');
    expect(await grader.replay({ exercise, source: solution, replay: shorter })).toMatchObject({ sameCode: false });
  });

  test('says what is wrong with a schedule', async () => {
    const replay = grader.replay({ exercise, source: solution, replay: '1.two-tasks.2.0~C' });
    await expect(replay).rejects.toThrow(/no task C/);
  });
});
