/** The texts behind a misconception's id: those of the exercise's own hints.md, and those that exercises share. */

import { say } from './texts.ts';

/** What somebody believes, and why it is not so. */
export interface Because {
  /** Markdown: the belief, what happened, why, which rule it breaks. */
  readonly because: string;
  /** Its first link to a lesson: where to read. */
  readonly lesson?: string;
}

/** The `## <misconception id>` sections of an exercise's hints.md: the belief is the first paragraph, its text the rest. */
export function ownTexts(hints: string): Record<string, Because> {
  return Object.fromEntries(
    sectionsOf(hints.replace(/\r\n?/g, '\n')).map(({ heading, text }) => {
      const [belief = '', ...rest] = text.split(/\n[ \t]*\n/);
      return [heading, becauseOf(belief, rest.join('\n\n'))];
    }),
  );
}

/** A shared text, content/misconceptions/<id>.md: the belief is the title in its front matter, its text the body. */
export function sharedText(page: string): Because {
  const [, frontMatter = '', body = ''] = /^---\n([\s\S]*?)\n---\n?([\s\S]*)$/.exec(page.replace(/\r\n?/g, '\n')) ?? [];
  const written = /^title:\s*(.*?)\s*$/m.exec(frontMatter)?.[1] ?? '';
  const title = written.startsWith("'")
    ? written.slice(1, -1).replaceAll("''", "'")
    : written.replace(/^"(.*)"$/, '$1');
  return becauseOf(title, body);
}

function becauseOf(belief: string, text: string): Because {
  const { text: because } = say('because', { belief: belief.replace(/\s+/g, ' ').trim(), text: text.trim() });
  const lesson = /\]\(([^)\s]*\/lessons\/[^)\s]*)\)/.exec(because)?.[1];
  return lesson === undefined ? { because } : { because, lesson };
}

/** The second-level sections; `##` inside a code block is no heading. */
function sectionsOf(markdown: string): { heading: string; text: string }[] {
  const sections: { heading: string; lines: string[] }[] = [];
  let fence: string | undefined;
  for (const line of markdown.split('\n')) {
    const mark = /^ {0,3}(```+|~~~+)/.exec(line)?.[1];
    if (mark !== undefined && fence === undefined) fence = mark;
    else if (mark !== undefined && fence !== undefined && mark.startsWith(fence)) fence = undefined;
    const heading = fence === undefined ? /^## +(.+?) *#*$/.exec(line)?.[1] : undefined;
    if (heading !== undefined) sections.push({ heading, lines: [] });
    else sections.at(-1)?.lines.push(line);
  }
  return sections.map(({ heading, lines }) => ({ heading, text: lines.join('\n').trim() }));
}
