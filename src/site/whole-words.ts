/**
 * Words of code that hold a hyphen or an arrow, such as `vma->vm_pgoff` and `-ENOMEM`, stay on one line. A browser would break
 * them after the hyphen, and CSS cannot forbid that and still let a line break between words: so each gets an element.
 */

/** Longer ones may break: they would not fit into a narrow column. */
const longest = 30;

/** For markup: what stands in code blocks, and code that holds other elements, stays as it is. */
export function withWholeWords(html: string): string {
  return html.replace(/<pre\b[\s\S]*?<\/pre>|<code>([^<]*)<\/code>/g, (found, code: string | undefined) =>
    code === undefined ? found : `<code>${wholeWords(code)}</code>`,
  );
}

/** For what stands in a <code>. */
export const wholeWords = (code: string): string =>
  code.includes('<')
    ? code
    : code.replace(/\S+/g, (word) =>
        breaks.test(word) && lengthOf(word) <= longest ? `<span class="whole">${word}</span>` : word,
      );

const breaks = /-./;

const lengthOf = (markup: string): number => markup.replace(/&[#\w]+;/g, '.').length;
