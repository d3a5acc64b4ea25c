import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { verify } from './fetched-browser.ts';

describe('verify', () => {
  const bytes = new TextEncoder().encode('a package');
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;

  test('accepts the bytes that were tried', () => expect(() => verify(bytes, integrity)).not.toThrow());
  test('refuses any other', () => expect(() => verify(bytes)).toThrow('is not the package that was tried'));
});
