import { describe, expect, it } from 'vitest';
import { readCatalogue } from '#course/catalogue';
import { smallCourse } from './fixtures.ts';
import { whereToRead } from './where-to-read.ts';

const catalogue = readCatalogue(smallCourse);

describe('whereToRead', () => {
  it.each([
    ['/lessons/one-fault/', '(in the lesson “One fault”)'],
    ['/lessons/one-fault/#the-rule', '(in the lesson “One fault”, under “the rule”)'],
    ['/lessons/unknown/', undefined],
    ['/glossary/pte/', undefined],
  ])('%s', (link, place) => expect(whereToRead(catalogue, link)).toBe(place));
});
