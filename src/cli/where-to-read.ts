import { type Catalogue, findLesson } from '#course/catalogue';

// Where `npm start` opens the course, if nobody else has that port.
const SITE = 'http://127.0.0.1:4321';

/** The page of a lesson, while `npm start` runs: its file has marks in the place of what moves, and the answers in clear. */
export const pageOf = (id: string): string => `${SITE}/lessons/${id}/`;

/** `/lessons/one-fault/#the-rule` → the lesson's title and the heading; undefined for a link to anything else. */
export function whereToRead(catalogue: Catalogue, link: string): string | undefined {
  const [, id = '', anchor] = /^\/lessons\/([a-z0-9-]+)\/(?:#(.+))?$/.exec(link) ?? [];
  const lesson = findLesson(catalogue, id);
  if (!lesson) return undefined;
  const place = `in the lesson “${lesson.title}”`;
  return anchor === undefined ? `(${place})` : `(${place}, under “${anchor.replaceAll('-', ' ')}”)`;
}
