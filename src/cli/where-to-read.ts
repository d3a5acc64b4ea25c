import { type Catalogue, findLesson } from '#course/catalogue';

/** `/lessons/one-fault/#the-rule` → the lesson's title, the heading, and the file; undefined for a link that is none to a lesson. */
export function whereToRead(catalogue: Catalogue, link: string): string | undefined {
  const [, id = '', anchor] = /\/lessons\/(?:\d+-)?([a-z0-9-]+)(?:\.mdx)?\/?(?:#(.+))?$/.exec(link) ?? [];
  const lesson = findLesson(catalogue, id);
  if (!lesson) return undefined;
  const heading = anchor === undefined ? '' : `, "${anchor.replaceAll('-', ' ')}"`;
  return `${lesson.title}${heading} (${lesson.file})`;
}
