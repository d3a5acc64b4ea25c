import { describe, expect, test } from 'vitest';
import type { DeclaredCheck } from './checks.ts';
import { runGrader } from './runner.ts';
import { test as check, expect as say } from './vitest.ts';

/** What the listener hears of a grader, and how each check ends. */
async function heard(grader: () => void | Promise<void>) {
  const collected: DeclaredCheck[] = [];
  const ends: string[] = [];
  const failures = await runGrader(async () => grader(), {
    collected: (checks) => collected.push(...checks),
    async check({ id }, run) {
      try {
        await run();
        ends.push(`${id} passes`);
      } catch (error) {
        ends.push(`${id}: ${(error as Error).message}`);
      }
    },
  });
  return { collected, ends, failures };
}

const meta = (id: string, stage = 1) => ({ meta: { id, stage } });
say.extend({
  toBeEven: (actual: unknown, than = 'odd') => ({
    pass: Number(actual) % 2 === 0,
    message: () => `${actual} is ${than}`,
  }),
});

describe('a grader’s tests', () => {
  test('are its checks, in their order, and each passes unless it throws', async () => {
    const { collected, ends, failures } = await heard(() => {
      check('an even one', meta('even'), () => say(2).toBeEven?.());
      check('an odd one', meta('odd', 2), () => say(3).toBeEven?.('not'));
    });
    expect(collected).toEqual([
      { id: 'even', name: 'an even one', stage: 1 },
      { id: 'odd', name: 'an odd one', stage: 2 },
    ]);
    expect(ends).toEqual(['even passes', 'odd: 3 is not']);
    expect(failures).toEqual([]);
  });

  test('may be asynchronous, and run one after the other', async () => {
    const { ends } = await heard(() => {
      check('slow', meta('slow'), async () => {
        await Promise.resolve();
        throw new Error('late');
      });
      check('quick', meta('quick'), () => {});
    });
    expect(ends).toEqual(['slow: late', 'quick passes']);
  });

  test('have the matchers that there are, and say so of others', async () => {
    const { ends } = await heard(() => check('wrong', meta('wrong'), () => say(1).toBe?.(1)));
    expect(ends).toEqual([expect.stringMatching(/^wrong: expect\(…\)\.toBe: there is no such matcher.*toBeEven/)]);
  });
});

describe('what goes wrong outside of checks', () => {
  test('a grader that cannot be read', async () => {
    const grader = () => {
      throw new Error('no such world');
    };
    expect((await heard(grader)).failures).toEqual(['no such world']);
  });

  test('one without a check', async () => {
    expect((await heard(() => {})).failures).toEqual([expect.stringContaining('declares no check')]);
  });
});
