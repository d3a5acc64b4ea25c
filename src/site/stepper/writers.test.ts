import { expect, test } from 'vitest';
import type { Trace, TraceStep } from '#explore';
import { traceOf } from '../experiments.ts';
import { nowMarkup } from './now.ts';
import { writersBy } from './writers.ts';

const picture = (...texts: string[]) => ({
  tables: [{ level: 'pte', name: 'pte table of v', entries: texts.map((text, index) => ({ index, text })) }],
});
const step = (task: string, ...texts: string[]) =>
  ({
    task,
    operation: 'x',
    stack: [],
    plain: [],
    locks: [],
    blocked: [],
    picture: picture(...texts),
  }) as never as TraceStep;
const trace: Trace = {
  program: 'p',
  schedule: '',
  picture: picture('', ''),
  steps: [step('A', 'x', ''), step('B', 'x', 'y'), step('Z', '', 'y')],
  ending: { kind: 'returned' },
};

test('an entry was written by the last who changed it, an emptied one too', () => {
  const at = (taken: number) => [...writersBy(trace, taken)].map(([key, { task, step }]) => `${key} ${task}${step}`);
  expect([0, 1, 2, 3].map(at)).toEqual([
    [],
    ['pte table of v/0 A1'],
    ['pte table of v/0 A1', 'pte table of v/1 B2'],
    ['pte table of v/0 Z3', 'pte table of v/1 B2'],
  ]);
});

test('the moment tells it beside the entry', () => {
  const shown = nowMarkup(trace, 2).text.replaceAll(/<[^>]+>/g, '');
  expect(shown).toMatch(/0x by A, step 1/);
  expect(shown).toMatch(/1now y by B, step 2/);
});

test('in a real execution every full entry has its writer', () => {
  const real = traceOf('reproduce-the-bug/one-thread');
  expect([...writersBy(real, real.steps.length).values()].map(({ task }) => task)).toEqual(['A', 'A', 'A', 'A']);
});
