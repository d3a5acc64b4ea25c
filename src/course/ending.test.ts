import { describe, expect, it } from 'vitest';
import { endingOf } from './ending.ts';

const body = `Text.

## What you proved

<Recall />

So many: <Count id="a" what="states" />.

It happened in 2024. <Source>somewhere</Source>

<Scheduler id="a" goal="Go." />

**Harder, not graded:** three tasks.

That is all.
`;

describe('endingOf', () => {
  it('finds the last paragraph of prose, and the harder variant', () =>
    expect(endingOf(body)).toEqual({
      consequence: 'It happened in 2024. <Source>somewhere</Source>',
      harder: 'three tasks.',
    }));
  it('finds no consequence where a page has only counts', () =>
    expect(endingOf(body.replace(/It happened.*/, ''))).toEqual({ harder: 'three tasks.' }));
  it('finds nothing on another page', () => expect(endingOf('Text.\n\n**Bold** text.')).toEqual({}));
});
