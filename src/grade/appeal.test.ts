import { expect, test } from 'vitest';
import { appealText } from './appeal.ts';
import { schema, type Verdict } from './verdict.ts';

const verdict: Verdict = {
  schema,
  course: '0.1.0',
  exercise: 'one-fault',
  submission: 'abc',
  outcome: 'failed',
  errors: [],
  checks: [
    { id: 'one', name: 'One', stage: 1, status: 'passed' },
    {
      id: 'two',
      name: 'Two',
      stage: 1,
      status: 'failed',
      message: { id: 'x', values: {}, text: 'It can end in a BUG.' },
      because: 'a long text',
      schedule: '1.two.1.0123abcd~A-B',
      trace: { program: 'p', schedule: 'A-B', steps: [], ending: { kind: 'bug' } },
    },
  ],
};
const text = (source: string) => appealText({ source, verdict, variant: 'usual', host: 'Node v22, linux x64' });

test('holds code, schedule, verdict and versions, and no trace', () => {
  expect(text('// mine\n')).toMatch(/^# I think my answer is right: one-fault\n/);
  for (const part of [
    '- Course: 0.1.0; Node v22, linux x64',
    '- Graded in: the usual worlds',
    '- Check two: failed: It can end in a BUG.',
    "    npm run replay -- one-fault '1.two.1.0123abcd~A-B'",
    '```ts\n// mine\n```',
    '"submission": "abc"',
  ])
    expect(text('// mine\n')).toContain(part);
  expect(text('')).not.toMatch(/"trace"|a long text/);
});

test('fences code that has fences', () => {
  expect(text('// ```\n// ````')).toContain('`````ts\n// ```\n// ````\n`````');
});
