import { expect, it } from 'vitest';
import { readCatalogue } from '#course/catalogue';
import { bugTrace, smallCourse } from '../fixtures.ts';
import { plainLook } from '../look.ts';
import { namesLines } from './names-screen.ts';

const { terms } = readCatalogue({
  ...smallCourse,
  'content/glossary/vma-lock.md':
    "---\nterm: 'vma_lock'\n---\n\nThe mutex of [the\nlist](/glossary/#vma-list). It has more.\n",
  'content/glossary/zap.md': "---\nterm: 'zap'\n---\n\nTo empty entries.\n",
});

it('tells the names of a trace, and no others, in the first sentence of the glossary', () =>
  expect(namesLines(plainLook, terms, bugTrace)).toEqual([
    '  v[1]         The entry of the page table for page 1 of the mapping v, counted',
    '               from 0.',
    '  vma_lock     The mutex of the list.',
  ]));
