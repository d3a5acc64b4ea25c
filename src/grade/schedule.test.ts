import { describe, expect, test } from 'vitest';
import { fingerprintOf, parseSchedule, writeSchedule } from './schedule.ts';

const full = { check: 'two-faults', n: 2, fingerprint: '0a1b2c3d', schedule: 'A3-B2-A' };

describe('a full schedule', () => {
  test('is written so that a URL leaves it alone', () => {
    const text = writeSchedule(full);
    expect(text).toBe('1.two-faults.2.0a1b2c3d~A3-B2-A');
    expect(encodeURIComponent(text)).toBe(text);
  });

  test('is read as it was written', () => {
    expect(parseSchedule(writeSchedule(full))).toEqual(full);
  });

  test.each(['', 'A3-B2', '2.a.1.0~A', '1.a.0.0~A', '1.A.1.0~A', '1.a.1.xyz~A'])('%j is none', (text) => {
    expect(parseSchedule(text)).toBeUndefined();
  });
});

describe('fingerprintOf', () => {
  const trace = { program: 'two faults', picture: { memory: 'enabled' } };

  test('differs with the submission, the program, and the world', () => {
    const prints = [
      fingerprintOf('a', trace),
      fingerprintOf('b', trace),
      fingerprintOf('a', { ...trace, program: 'three faults' }),
      fingerprintOf('a', { ...trace, picture: { memory: 'disabled' } }),
      fingerprintOf('a', { program: 'two faults' }),
    ];
    expect(new Set(prints).size).toBe(prints.length);
    expect(prints.every((print) => /^[0-9a-f]{8}$/.test(print))).toBe(true);
  });

  test('does not hang on the order of keys', () => {
    expect(fingerprintOf('a', { program: 'p', picture: { x: 1, y: 2 } })).toBe(
      fingerprintOf('a', { program: 'p', picture: { y: 2, x: 1 } }),
    );
  });
});
