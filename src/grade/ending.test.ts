import { expect, test } from 'vitest';
import type { Trace } from '#explore';
import { type EndingRole, endingRole, whereTheyWait } from './ending.ts';
import type { Check } from './verdict.ts';

test.each<[EndingRole, Check['status'], said: string | undefined, ending: string | undefined]>([
  [
    'told',
    'failed',
    '“p” can end in a BUG: BUG_ON(!pte_none(*pte)): it is full.',
    'BUG_ON(!pte_none(*pte)): it is full',
  ],
  ['told', 'failed', '“p” can come to a wrong end: lost update (4 faults).', 'lost update: 4 faults'],
  ['new', 'failed', 'With the schedule A, “p” ends as it should.', 'lost update: 4 faults'],
  ['new', 'failed', 'With the schedule A, “p” ends as it should.', undefined],
  ['new', 'failed', undefined, 'lost update'],
  ['found', 'passed', undefined, 'lost update'],
])('%s: %s, %s, %s', (role, status, said, ending) => {
  const message = said === undefined ? {} : { message: { id: 'x', values: {}, text: said } };
  const end = ending === undefined ? ({ kind: 'returned' } as const) : ({ kind: 'check', message: ending } as const);
  expect(endingRole({ status, ...message, trace: { program: 'p', schedule: '', steps: [], ending: end } })).toBe(role);
});

test('says where those wait who wait for ever, if that is in the learner’s file', () => {
  const wait = { lock: 'm', heldBy: ['A'] };
  const blocked = [
    { task: 'A', ...wait, line: 3 },
    { task: 'B', ...wait },
  ];
  const steps = [{ blocked }] as unknown as Trace['steps'];
  expect(whereTheyWait({ ending: { kind: 'deadlock' }, steps })).toEqual(['A waits in line 3.']);
  expect(whereTheyWait({ ending: { kind: 'bug' }, steps })).toEqual([]);
});
