import { describe, expect, it } from 'vitest';
import { parseHints } from './hints.ts';

const good = `## Hint 1

Look at the entry.

## Hint 2
Look again:

\`\`\`sh
## not a heading
\`\`\`

## Hint 3
Under the lock.

## no-recheck

A lock round the remap
removes the race.

### What happened
The loser waited.

It then went on.
`;

describe('parseHints', () => {
  it('reads three hints and the texts of misconceptions', () => {
    const { hints, misconceptions, problems } = parseHints('hints.md', good);
    expect(hints).toEqual(['Look at the entry.', 'Look again:\n\n```sh\n## not a heading\n```', 'Under the lock.']);
    expect(misconceptions).toEqual([
      {
        id: 'no-recheck',
        belief: 'A lock round the remap removes the race.',
        text: '### What happened\nThe loser waited.\n\nIt then went on.',
        file: 'hints.md',
        line: 15,
      },
    ]);
    expect(problems).toEqual([]);
  });

  it('keeps an empty hint, so that the course check can name it', () => {
    expect(parseHints('hints.md', '## Hint 1\n\n## Hint 2\nx').hints).toEqual(['', 'x']);
  });

  it('names a hint out of order', () => {
    const { problems } = parseHints('hints.md', '## Hint 2\nx');
    expect(problems[0]).toMatchObject({ line: 1, rule: 'hints stand in order' });
  });

  it('names a heading that is neither', () => {
    const { problems } = parseHints('hints.md', '# Hints\n\n## No Recheck\nx');
    expect(problems).toMatchObject([{ line: 3 }]);
    expect(problems[0]?.advice).toContain('No Recheck');
  });

  it('reads nothing out of an empty file', () => {
    expect(parseHints('hints.md', '')).toEqual({ hints: [], misconceptions: [], problems: [] });
  });
});
