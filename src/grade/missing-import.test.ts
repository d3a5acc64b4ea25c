import { expect, test } from 'vitest';
import { sayMissingImport } from './missing-import.ts';

test.each([
  ['ReferenceError: mutex_lock is not defined', "“mutex_lock” is in '#linux': add it to the import at the top."],
  ["ReferenceError: Can't find variable: mutex_lock", "“mutex_lock” is in '#linux': add it to the import at the top."],
  [
    'ReferenceError: compareAndSwap is not defined',
    "“compareAndSwap” is in '#explore': add it to the import at the top.",
  ],
])('%s', (words, text) => expect(sayMissingImport(words)?.text).toBe(text));

test.each([
  'ReferenceError: ofMyOwn is not defined',
  "ReferenceError: Cannot access 'mutex_lock' before initialization",
  'TypeError: mutex_lock is not a function',
  'ReferenceError: toString is not defined',
])('%s', (words) => expect(sayMissingImport(words)).toBeUndefined());
