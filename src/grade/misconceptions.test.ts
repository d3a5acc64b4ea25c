import { describe, expect, test } from 'vitest';
import { ownTexts, sharedText } from './misconceptions.ts';

describe('ownTexts', () => {
  const hints = [
    '# Hints\r\n',
    '## Hint 1\r\n\r\nLook.\r\n',
    '## no-recheck\r\n\r\nA lock makes it\r\nsafe.\r\n',
    '**What happened.** It did not:\r\n',
    '```\r\n## not a heading\r\n```\r\n',
    '**Read.** [There](/lessons/there/#rule) and [here](/lessons/here/)',
  ].join('\r\n');

  test('reads the belief, the text and where to read', () => {
    expect(ownTexts(hints)['no-recheck']).toEqual({
      because:
        'This often comes from a mistaken belief: A lock makes it safe.\n\n**What happened.** It did not:\n\n' +
        '```\n## not a heading\n```\n\n**Read.** [There](/lessons/there/#rule) and [here](/lessons/here/)',
      lesson: '/lessons/there/#rule',
    });
  });

  test('has no lesson where the text links to none', () => {
    expect(ownTexts('## a\n\nb\n\n[c](https://example.org/)').a).not.toHaveProperty('lesson');
  });
});

describe('sharedText', () => {
  test('takes the belief from the title', () => {
    const page = "---\ntitle: 'It isn''t so.'\n---\n\nIndeed.\n";
    expect(sharedText(page).because).toBe("This often comes from a mistaken belief: It isn't so.\n\nIndeed.");
  });

  test('takes a title without quotes too', () => {
    expect(sharedText('---\ntitle: Plain\n---\nx').because).toBe('This often comes from a mistaken belief: Plain\n\nx');
  });
});
