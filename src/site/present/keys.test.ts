import { describe, expect, test } from 'vitest';
import { askedBy, moveAskedBy } from './keys.ts';

const press = (key: string, held: Partial<KeyboardEvent> = {}) => ({
  key,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  ...held,
});

describe('keys', () => {
  test('of a remote are its two buttons, and blank the screen', () => {
    expect(['PageDown', 'PageUp'].map((key) => moveAskedBy(press(key)))).toEqual(['forwardButton', 'backButton']);
    expect(['.', 'b'].map((key) => askedBy(press(key), true))).toEqual(['blank', 'blank']);
  });

  test('with Shift pass over what a slide could still show', () => {
    const shift = { shiftKey: true };
    expect(moveAskedBy(press('ArrowRight', shift))).toBe('nextSlide');
    expect(moveAskedBy(press('ArrowLeft', shift))).toBe('previousSlide');
  });

  test('that belong to the browser are left to it', () => {
    for (const held of [{ altKey: true }, { ctrlKey: true }, { metaKey: true }]) {
      expect(moveAskedBy(press('ArrowLeft', held))).toBeUndefined();
      expect(askedBy(press('f', held), true)).toBeUndefined();
    }
  });

  test('of letters and signs can be turned off, the others not', () => {
    const signs = ['b', '.', 'f', 'n', 't', '+', '-', '?'];
    expect(signs.filter((key) => askedBy(press(key), false))).toEqual([]);
    expect(signs.filter((key) => !askedBy(press(key), true))).toEqual([]);
    expect(['Home', 'End', 'Escape'].map((key) => askedBy(press(key), false))).toEqual(['first', 'last', 'leave']);
  });
});
