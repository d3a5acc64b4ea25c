/** Rendered notes, as they stand in a page among those on other lessons. */

/**
 * The same with its headings from that level down, without anchors, which would stand there twice. In place of a misconception's id
 * stands what `beliefOf` says: markup.
 */
export function notesHtml(html: string, level: number, beliefOf: (id: string) => string | undefined): string {
  return html.replace(/<h([23])(?: id="[^"]*")?>([\s\S]*?)<\/h\1>/g, (_, of: string, text: string) => {
    const tag = `h${level + Number(of) - 2}`;
    return `<${tag}>${(of === '3' && beliefOf(text)) || text}</${tag}>`;
  });
}
