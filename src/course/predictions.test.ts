import { describe, expect, it } from 'vitest';
import { predictionsIn } from './predictions.ts';

const body = `import X from './x.ts';

You will see.

<Experiment id="a/b" />

<Prediction
  id="a/first"
  question="What does \`f\` do?"
  options={[
    { key: '1', text: 'It’s one', reason: 'No: \\'one\\' is a word.' },
    { key: 'two', text: "Don't know", reason: 'So it is.' },
  ]}
/>

Then this.

<Prediction
  id="a/second"
  question="And now?"
  options={[{ key: 'x', text: 'X', reason: 'Y' }]}
/>
`;

describe('predictionsIn', () => {
  it('reads each with its options', () => {
    const [first, second] = predictionsIn(body);
    expect(first).toMatchObject({ id: 'a/first', question: 'What does `f` do?' });
    expect(first?.options).toEqual([
      { key: '1', text: 'It’s one', reason: "No: 'one' is a word." },
      { key: 'two', text: "Don't know", reason: 'So it is.' },
    ]);
    expect(second).toMatchObject({ id: 'a/second', options: [{ key: 'x', text: 'X', reason: 'Y' }] });
  });

  it('finds none where none is asked for', () => expect(predictionsIn('Text.')).toEqual([]));
});
