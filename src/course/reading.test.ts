import { describe, expect, it } from 'vitest';
import { piecesOf } from './reading.ts';

const body = `import X from './x.ts';

You will see.

## Watch

In <Count id="a/b" what="steps" /> steps.

<Experiment id="a/b" />

\`\`\`ts
import { y } from '#linux';

y();
\`\`\`

<Prediction
  id="a/first"
  question="What?"
  options={[
    { key: '1', text: 'It', reason: 'So.' },
  ]}
/>

<Source>A list</Source>

<Term id="x">X</Term> is one.

## Your turn

<Workbench id="a" />

Write it.

<Scheduler id="a/by-hand" goal="Reach it." />

<Afterwards>

The end: <Count id="a/none" what="states" />.

</Afterwards>
`;

describe('piecesOf', () => {
  const pieces = piecesOf({ body }, (id) => (id === 'a/b' ? '27' : undefined));

  it('keeps the order of the page, and no tag that only a page has', () =>
    expect(pieces.map((piece) => piece.kind)).toEqual([
      'prose',
      'prose',
      'experiment',
      'prose',
      'prediction',
      'prose',
      'prose',
      'prose',
      'game',
      'prose',
    ]));

  it('keeps a heading with what it stands over, and a listing whole', () => {
    expect(pieces[1]).toEqual({ kind: 'prose', text: '## Watch\n\nIn 27 steps.' });
    expect(pieces[3]).toMatchObject({ text: expect.stringMatching(/^```ts\nimport[\s\S]*y\(\);\n```$/) });
  });

  it('takes no inline tag for one that stands alone, and a heading over what the page alone has', () =>
    expect(pieces.slice(5, 8)).toMatchObject([
      { text: '<Source>A list</Source>' },
      { text: '<Term id="x">X</Term> is one.' },
      { text: '## Your turn\n\nWrite it.' },
    ]));

  it('has the table for C programmers, no cell of which ends early', () => {
    const tables = piecesOf({ body: 'Words.\n\n<TypeScriptForC />\n' }, () => undefined).slice(1);
    const lines = tables.flatMap((table) => (table.kind === 'prose' ? table.text.split('\n') : []));
    expect(tables).toHaveLength(3);
    expect(lines[0]).toBe('| C | TypeScript | Mind |');
    for (const line of lines) expect(line.split(/(?<!\\)\|/)).toHaveLength(5);
  });

  it('tells no number that nobody can tell', () =>
    expect(pieces.at(-1)).toEqual({ kind: 'prose', text: 'The end: many.' }));
  it('finds what is asked and what is to be reached', () => {
    expect(pieces[4]).toMatchObject({ prediction: { id: 'a/first', options: [{ key: '1' }] } });
    expect(pieces[8]).toEqual({ kind: 'game', goal: 'Reach it.' });
  });
});
