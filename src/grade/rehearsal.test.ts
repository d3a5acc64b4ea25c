import { runInThisContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { cell, type Program, type Steps } from '#explore';
import type { GraderCheck, ReadChecks } from './checks.ts';
import type { GradedExercise } from './harness.ts';
import { judgeHolds } from './judge.ts';
import { Rehearsal } from './rehearsal.ts';
import { currentSession } from './session.ts';
import { submissionExports } from './submission.ts';

const source = `import { type Cell, type Steps, write } from '#explore';
export function* put(counter: Cell<number>): Steps {
  for (let n = 0; n < 200; n++) yield* write(counter, n);
}
`;

const putting = (name: string): Program<{ counter: ReturnType<typeof cell<number>> }> => ({
  name,
  setup: () => ({ counter: cell(0, 'counter') }),
  tasks: ({ counter }) => {
    const put = () => (submissionExports().put as (...args: unknown[]) => Steps)(counter);
    return { A: put, B: put };
  },
});

/** How often each check has come to its end. */
let ends: string[] = [];

const check = (id: string, ...programs: string[]): GraderCheck => ({
  id,
  name: id,
  stage: 1,
  run() {
    for (const program of programs) {
      const finding = judgeHolds(putting(program), {});
      if (finding) throw new Error(`${currentSession().check}: ${finding.message?.text}`);
    }
    ends.push(id);
  },
});

const exercise: GradedExercise = { id: 'putting', exports: [], misconceptions: {}, importGrader: async () => {} };

/** Begins one whose turns are given by hand. */
function begun(submitted = source, checks = [check('two', 'one', 'other'), check('one', 'one')]) {
  const turns: (() => void)[] = [];
  const readChecks: ReadChecks = async () => ({ checks, failures: [] });
  const evaluate = (expression: string) => runInThisContext(expression);
  const rehearsal = new Rehearsal(exercise, submitted, { evaluate, readChecks }, (slice) => turns.push(slice));
  /** Gives the next turn, if one is wanted. */
  const give = async () => {
    const slice = turns.shift();
    slice?.();
    await new Promise((resolve) => setImmediate(resolve));
    return slice !== undefined;
  };
  ends = [];
  return { rehearsal, turns, give };
}

describe('a rehearsal', () => {
  test('brings every check to its end, round by round, in slices', async () => {
    const { give } = begun();
    let given = 0;
    while (await give()) given += 1;
    const rounds = ends.length / 2;
    expect(rounds).toBeGreaterThan(1);
    expect(ends).toEqual(Array.from({ length: rounds }, () => ['two', 'one']).flat());
    // More than the checks, their searches and the rounds.
    expect(given).toBeGreaterThan(20);
  });

  test('ends as soon as it is told, and nothing of it runs any more', async () => {
    const { rehearsal, turns, give } = begun();
    for (let turn = 0; turn < 10; turn++) await give();
    let isEnded = false;
    const ended = rehearsal.end().then(() => {
      isEnded = true;
    });
    expect(isEnded).toBe(false);
    await give();
    await ended;
    expect(turns).toEqual([]);
    expect(ends).not.toContain('one');
  });

  test('is quiet about what does not compile, and about a grader that throws', async () => {
    for (const { give, rehearsal } of [
      begun('nonsense('),
      begun(source, [{ ...check('bad'), run: () => Promise.reject(new Error('bad')) }]),
    ]) {
      while (await give());
      await rehearsal.end();
    }
    expect(ends).toEqual([]);
  });
});
