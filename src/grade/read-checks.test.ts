import { describe, expect, test } from 'vitest';
import { readChecks } from './read-checks.ts';
import { test as check, expect as say } from './vitest.ts';

/** A grader's checks, and how each ends. */
async function read(grader: () => void | Promise<void>) {
  const { checks, failures } = await readChecks(async () => grader());
  const ends: string[] = [];
  for (const { id, run } of checks) {
    try {
      await run();
      ends.push(`${id} passes`);
    } catch (error) {
      ends.push(`${id}: ${(error as Error).message}`);
    }
  }
  return { checks, ends, failures };
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
    const { checks, ends, failures } = await read(() => {
      check('an even one', meta('even'), () => say(2).toBeEven?.());
      check('an odd one', meta('odd', 2), () => say(3).toBeEven?.('not'));
    });
    expect(checks).toMatchObject([
      { id: 'even', name: 'an even one', stage: 1 },
      { id: 'odd', name: 'an odd one', stage: 2 },
    ]);
    expect(ends).toEqual(['even passes', 'odd: 3 is not']);
    expect(failures).toEqual([]);
  });

  test('may be asynchronous', async () => {
    const { ends } = await read(() =>
      check('slow', meta('slow'), async () => {
        await Promise.resolve();
        throw new Error('late');
      }),
    );
    expect(ends).toEqual(['slow: late']);
  });

  test('have the matchers that there are, and say so of others', async () => {
    const { ends } = await read(() => check('wrong', meta('wrong'), () => say(1).toBe?.(1)));
    expect(ends).toEqual([expect.stringMatching(/^wrong: expect\(…\)\.toBe: there is no such matcher.*toBeEven/)]);
  });
});

describe('what goes wrong outside of checks', () => {
  test('a grader that cannot be read', async () => {
    const grader = () => {
      throw new Error('no such world');
    };
    expect((await read(grader)).failures).toEqual(['no such world']);
  });

  test('one without a check', async () => {
    expect((await read(() => {})).failures).toEqual([expect.stringContaining('declares no check')]);
  });
});
