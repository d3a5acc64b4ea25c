/** What the oracle has found wrong in the engines: each case small, and by the name of what it was. */

import { describe, expect, test } from 'vitest';
import { explore } from '../explore.ts';
import { agreementOn } from '../fixtures/agreement.ts';
import { type Command, programOf } from '../fixtures/scripts.ts';
import type { Engine } from '../program.ts';

type Commands = readonly Command[];

/** Nothing that is said of the script by one is denied by another. */
function agree(tasks: readonly Commands[], child: Commands = []): void {
  const { problems } = agreementOn({ tasks, child }, { partialTraces: 20_000, executions: 20_000, states: 20_000 });
  expect(problems).toEqual([]);
}

/** All kinds of violations that the engine finds. */
const kindsBy = (engine: Engine, tasks: readonly Commands[], child: Commands = []) =>
  explore(programOf({ tasks, child }), { engine, stopAt: 'never' }).violations.map(({ kind }) => kind);

describe('what a race decides is not in the order of what happens before what', () => {
  test('a race that shows as a use after free', () => {
    const tasks: Commands[] = [[['free']], [['getField']]];
    agree(tasks);
    expect(kindsBy('dpor', tasks)).toContain('data race');
  });

  test('a race whose replay shows another one', () => {
    agree([
      [['tryAcquire', 0], ['skipIf', 0, 2], ['getField'], ['setField']],
      [['skipIf', 0, 1], ['acquire', 0], ['free']],
    ]);
  });

  test('a plain access that kills its task is one of the two', () => {
    const tasks: Commands[] = [
      [['read', 0], ['free']],
      [['read', 0], ['getField']],
    ];
    agree(tasks);
    for (const engine of ['graph', 'dpor'] as const)
      expect(kindsBy(engine, tasks)).toEqual(expect.arrayContaining(['data race', 'use after free']));
  });

  test('a race with one who waits only because of it', () => {
    agree([[], [['free'], ['set', 1, 1], ['getField']], [['waitFor', 1, 0]]]);
  });

  test('a lock misuse that comes of what another task has written plainly', () => {
    agree([
      [['set', 0, 1]],
      [
        ['tryAcquire', 0],
        ['skipIf', 0, 1],
        ['updateUnless', 0, 0],
      ],
    ]);
  });
});

describe('rings of waits', () => {
  test('stay rings when one more task that keeps them dies', () => {
    const tasks: Commands[] = [
      [
        ['acquireShared', 1],
        ['acquire', 1],
      ],
      [['acquireShared', 1]],
    ];
    agree(tasks);
    for (const engine of ['graph', 'dpor'] as const)
      expect(kindsBy(engine, tasks)).toEqual(expect.arrayContaining(['deadlock', 'lock misuse']));
  });
});
