/** What Astro renders. What there is, in which order and whether its front matter is right, src/course says: see course.ts. */

import { defineCollection } from 'astro:content';
import { glob } from 'astro/loaders';

/** The number in front only orders; the rest is the id, stable in links and in progress. */
const withoutNumber = ({ entry }: { entry: string }): string => entry.replace(/^\d+-/, '').replace(/\.mdx?$/, '');

const lessons = defineCollection({
  loader: glob({ base: './content/lessons', pattern: '*.mdx', generateId: withoutNumber }),
});

/** An instructor's, under the ids of the lessons. */
const notes = defineCollection({
  loader: glob({ base: './content/workshop/notes', pattern: '*.md', generateId: withoutNumber }),
});

const glossary = defineCollection({ loader: glob({ base: './content/glossary', pattern: '*.md' }) });

const misconceptions = defineCollection({ loader: glob({ base: './content/misconceptions', pattern: '*.md' }) });

/** Pages beside the course. */
const pages = defineCollection({ loader: glob({ base: './content/pages', pattern: '*.mdx' }) });

/** Of the rooms of src/: some of their sections stand in pages too. */
const readmes = defineCollection({
  loader: glob({ base: './src', pattern: '*/README.md', generateId: ({ entry }) => entry.replace('/README.md', '') }),
});

export const collections = { lessons, notes, glossary, misconceptions, pages, readmes };
