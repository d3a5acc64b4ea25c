import { describe, expect, test } from 'vitest';
import { buildOptions } from './build-options.ts';

describe('buildOptions', () => {
  test('has a default for each', () => expect(buildOptions([])).toEqual({ base: '/', out: 'dist' }));
  test('takes what it is told', () =>
    expect(buildOptions(['--base', '/a/b-c/', '--site', 'https://example.org', '--out', '/tmp/x'])).toEqual({
      base: '/a/b-c/',
      site: 'https://example.org',
      out: '/tmp/x',
    }));

  test.each([
    [['--base', 'course'], "--base 'course'"],
    [['--base', '/course'], "--base '/course'"],
    [['--base', '/a b/'], "--base '/a b/'"],
    [['--base', '//'], "--base '//'"],
    [['--base', '/course/'], 'also say --out'],
    [['--site', 'example.org'], "--site 'example.org'"],
    [['--site', 'https://example.org/course/'], '--site'],
    [['--out', ''], '--out'],
    [['--bsae', '/'], '--bsae'],
  ])('refuses %j and says how', (args, message) => {
    expect(() => buildOptions(args)).toThrow(message);
    expect(() => buildOptions(args)).toThrow('npm run build');
  });
});
