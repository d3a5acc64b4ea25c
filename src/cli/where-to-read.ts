import { type Catalogue, findLesson } from '#course/catalogue';

/** Where `npm start` opens the course, if nobody else has that port. */
export const SITE = 'http://127.0.0.1:4321';

/** The page of a lesson, while `npm start` runs: its file has marks in the place of what moves, and the answers in clear. */
export const pageOf = (id: string): string => `${SITE}/lessons/${id}/`;

/**
 * `/lessons/one-fault/#the-rule` → the lesson's title and the heading, without what the link's own label says; undefined where
 * nothing is left, and for a link to anything else.
 */
export function whereToRead(catalogue: Catalogue, link: string, label: string): string | undefined {
  const [, id = '', anchor] = /^\/lessons\/([a-z0-9-]+)\/(?:#(.+))?$/.exec(link) ?? [];
  const lesson = findLesson(catalogue, id);
  if (!lesson) return undefined;
  const heading = anchor?.replaceAll('-', ' ');
  const places = [
    isSame(label, lesson.title) ? [] : `in the lesson “${lesson.title}”`,
    heading === undefined || isSame(label, heading) ? [] : `under “${heading}”`,
  ].flat();
  return places.length === 0 ? undefined : `(${places.join(', ')})`;
}

const isSame = (one: string, other: string) => lettersOf(one) === lettersOf(other);
const lettersOf = (text: string) => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
