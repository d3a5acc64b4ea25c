/** Styles that come with a script, after the page: Astro would put a stylesheet that a script imports into the page itself. */
export function adopt(text: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  document.adoptedStyleSheets.push(sheet);
}
