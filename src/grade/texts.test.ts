import { describe, expect, test } from 'vitest';
import { say, type TextId, texts } from './texts.ts';

describe('say', () => {
  test('fills in values and keeps them beside the text', () => {
    expect(say('violation.bug', { program: 'two faults', message: 'BUG_ON(!pte_none(*pte))' })).toEqual({
      id: 'violation.bug',
      values: { program: 'two faults', message: 'BUG_ON(!pte_none(*pte))' },
      text: '“two faults” can end in a BUG: BUG_ON(!pte_none(*pte)).',
    });
  });

  test('puts no second full stop behind a value that ends its sentence', () => {
    expect(say('endless loop', { message: 'Oh no!' }).text).toBe('A loop does not end: Oh no!');
  });

  test('takes a value literally', () => {
    expect(say('refused', { says: '{says} $& $1' }).text).toBe('{says} $& $1');
  });
});

test.each(Object.keys(texts) as TextId[])('%s is a sentence or passes one through', (id) => {
  expect(texts[id]).toMatch(/^([A-Z“]|\{says\}$)/);
});
