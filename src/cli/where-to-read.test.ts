import { describe, expect, it } from 'vitest';
import { readCatalogue } from '#course/catalogue';
import { smallCourse } from './fixtures.ts';
import { whereToRead } from './where-to-read.ts';

const catalogue = readCatalogue(smallCourse);

describe('whereToRead', () => {
  it.each([
    ['/lessons/one-fault/', 'it', '(in the lesson “One fault”)'],
    ['/lessons/one-fault/#the-rule', 'it', '(in the lesson “One fault”, under “the rule”)'],
    ['/lessons/one-fault/#the-rule', 'The rule', '(in the lesson “One fault”)'],
    ['/lessons/one-fault/#the-rule', 'One fault', '(under “the rule”)'],
    ['/lessons/one-fault/', 'One fault', undefined],
    ['/lessons/unknown/', 'it', undefined],
    ['/glossary/pte/', 'it', undefined],
  ])('%s, called %s', (link, label, place) => expect(whereToRead(catalogue, link, label)).toBe(place));
});
