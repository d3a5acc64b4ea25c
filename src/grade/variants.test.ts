import { afterEach, expect, test } from 'vitest';
import { chooseVariant, chosen } from './variants.ts';

afterEach(() => chooseVariant());

const variants = { usual: 1, fresh: 2, harder: 3 };

test('the usual one, unless told otherwise', () => {
  expect(chosen(variants)).toBe(1);
  chooseVariant('harder');
  expect(chosen(variants)).toBe(3);
  chooseVariant(undefined);
  expect(chosen(variants)).toBe(1);
});

test('names the one that is missing', () => {
  expect(() => chosen({ usual: 1, harder: 3 } as never)).toThrow('variants.ts lacks “fresh”');
});
