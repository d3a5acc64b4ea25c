import { type Catalogue, findLesson } from '#course/catalogue';

/** `/lessons/one-fault/#the-rule` → the lesson's file and the heading; undefined for a link to anything else. */
export function whereToRead(catalogue: Catalogue, link: string): string | undefined {
  const [, id = '', anchor] = /^\/lessons\/([a-z0-9-]+)\/(?:#(.+))?$/.exec(link) ?? [];
  const lesson = findLesson(catalogue, id);
  if (!lesson) return undefined;
  return anchor === undefined ? `(${lesson.file})` : `(${lesson.file}, "${anchor.replaceAll('-', ' ')}")`;
}
