/** Parts of a README that was rendered as Markdown. */

/** What stands below that heading. Tables may scroll, as those of the prose do. Unknown: throws, so that the build fails. */
export function sectionOf(html: string, title: string): string {
  const [, section] = html.split(new RegExp(`<h2[^>]*>${escaped(title)}</h2>`));
  if (section === undefined) throw new Error(`no section "${title}" in that README`);
  const [body = ''] = section.split('<h2');
  return body
    .trim()
    .replaceAll('<table>', '<div class="scroll" role="group" aria-label="Table" tabindex="0"><table>')
    .replaceAll('</table>', '</table></div>');
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
