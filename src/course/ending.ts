/** How a lesson's page ends, under “What you proved”: the same idea in the real kernel, and a harder variant. */

export interface LessonEnding {
  /** A paragraph (Markdown): one consequence in the real kernel. */
  readonly consequence?: string;
  /** What may be tried after it (Markdown), without its heading. */
  readonly harder?: string;
}

const HARDER = /^\*\*Harder[^*]*\*\*\s*/;

/** What the terminal shows of it after a pass; nothing where the page has no such ending. */
export function endingOf(body: string): LessonEnding {
  const [, section = ''] = body.split(/^## What you proved$/m);
  const paragraphs = section.split(/\n[ \t]*\n/).map((paragraph) => paragraph.trim());
  const at = paragraphs.findIndex((paragraph) => HARDER.test(paragraph));
  if (at < 0) return {};
  const harder = (paragraphs[at] ?? '').replace(HARDER, '');
  // What the page counts while it is built cannot be said here.
  const isProse = (paragraph: string) => !/^<[A-Z]|<Count\b/.test(paragraph);
  const consequence = paragraphs.slice(0, at).findLast((paragraph) => paragraph !== '' && isProse(paragraph));
  return { harder, ...(consequence === undefined ? {} : { consequence }) };
}
