/** A Markdown text as the sections that its headings of one level make. */

export interface Section {
  readonly heading: string;
  readonly line: number;
  readonly text: string;
  /** The line on which its text begins. */
  readonly textLine: number;
}

/** The form of an id, in a heading too. */
export const ID = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** The sections of that level, from 2; what stands before the first is left out. `##` inside a code block is no heading. */
export function sectionsOf(text: string, level: number): Section[] {
  const title = new RegExp(`^#{${level}} +(.+?) *#*$`);
  const sections: { heading: string; line: number; lines: string[] }[] = [];
  let fence: string | undefined;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const mark = /^ {0,3}(```+|~~~+)/.exec(line)?.[1];
    if (mark && fence === undefined) fence = mark;
    else if (mark && fence !== undefined && mark.startsWith(fence)) fence = undefined;
    const heading = fence === undefined ? title.exec(line)?.[1] : undefined;
    if (heading) sections.push({ heading, line: index + 1, lines: [] });
    else sections.at(-1)?.lines.push(line);
  }
  return sections.map(({ heading, line, lines }) => ({
    heading,
    line,
    text: lines.join('\n').trim(),
    textLine:
      line +
      1 +
      Math.max(
        0,
        lines.findIndex((each) => each.trim() !== ''),
      ),
  }));
}
