import { describe, expect, it } from 'vitest';
import { readCatalogue } from '#course/catalogue';
import { noProgress, opened } from '#course/progress';
import { smallCourse } from '../fixtures.ts';
import { found } from './listing.ts';

const catalogue = readCatalogue(smallCourse);
const ids = (search: string, progress = noProgress()) => found(catalogue, progress, search).map(({ id }) => id);

describe('found', () => {
  it('is all without a search', () => expect(ids(' ')).toHaveLength(3));
  it('finds by words of the title, in any order, by their beginnings', () => {
    expect(ids('BUG rep')).toEqual(['reproduce-the-bug']);
    expect(ids('the')).toEqual(['be-the-scheduler', 'reproduce-the-bug']);
    expect(ids('hed')).toEqual([]);
  });
  it('finds by number and by status', () => {
    expect(ids('2')).toEqual(['be-the-scheduler']);
    expect(ids('started', opened(noProgress(), 'one-fault'))).toEqual(['one-fault']);
  });
});
