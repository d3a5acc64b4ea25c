/**
 * A page of the site as a file to print: one HTML file that any browser opens without a server. Not a PDF, for which the machine that
 * makes the kit would need a browser; printed, it is the same sheets.
 */

import { type ElementNode, parse, renderSync, walkSync } from 'ultrahtml';
import { querySelector, querySelectorAll } from 'ultrahtml/selector';

/** `html`: a page as it was built; `styles`: the text of the stylesheet at such an address of the site. */
export function sheetOf(html: string, styles: (address: string) => string): string {
  const page = parse(html);
  const main = querySelector(page, 'main') as ElementNode | null;
  const title = querySelector(page, 'title') as ElementNode | null;
  if (!main || !title) throw new Error('a page to print has a title and a main part');
  const sheets = (querySelectorAll(page, 'link[rel="stylesheet"]') as ElementNode[]).map(({ attributes }) =>
    styles(attributes.href ?? ''),
  );
  walkSync(main, (node) => forPaper(node as ElementNode));
  for (const link of querySelectorAll(main, 'a[href^="#"]') as ElementNode[])
    if (!hasPlace(main, link.attributes.href ?? '')) delete link.attributes.href;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
${renderSync(title)}
<style>${sheets.join('\n')}</style>
<body>${renderSync(main)}</body>
</html>
`;
}

/** Nothing is folded, nothing leads to a page that is not there, and nothing runs. */
function forPaper(node: ElementNode): void {
  node.children = node.children?.filter((child) => !isForScreen(child as ElementNode));
  if (node.name === 'details') node.attributes.open = '';
  if (node.name === 'a' && node.attributes.href?.startsWith('/')) delete node.attributes.href;
}

/** Whether that is on the sheet: a place may have been for the screen. */
function hasPlace(main: ElementNode, hash: string): boolean {
  let isThere = false;
  walkSync(main, (node) => {
    isThere ||= (node as ElementNode).attributes?.id === hash.slice(1);
  });
  return isThere;
}

const isForScreen = ({ name, attributes }: ElementNode): boolean =>
  name === 'nav' || name === 'script' || (attributes?.class?.split(' ').includes('screen-only') ?? false);
