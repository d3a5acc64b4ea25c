import { describe, expect, test } from 'vitest';
import { portIn, whereItIs } from './serve-and-tell.ts';

describe('a port', () => {
  test.each(['0', '4321', '65535'])('may be %s', (text) => expect(portIn(text)).toBe(Number(text)));
  test.each(['', 'x', '-1', '1.5', '1e3', '65536'])('cannot be "%s"', (text) =>
    expect(() => portIn(text)).toThrow(`'${text}' is not a port`),
  );
});

describe('what is told', () => {
  const here = 'Faultline is open at http://127.0.0.1:80/';
  test('is this machine’s address alone, where others may not come', () =>
    expect(whereItIs(80, undefined)).toEqual([here]));
  test('is where others reach it', () =>
    expect(whereItIs(80, ['10.0.0.5'])).toEqual([here, 'Faultline is open at http://10.0.0.5:80/']));
  test('is that there is no network yet', () =>
    expect(whereItIs(80, [])).toEqual([here, 'No other machine can open it yet: this one is in no network.']));
});
