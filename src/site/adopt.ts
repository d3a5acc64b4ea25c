const adopted = new Set<string>();

/** Styles that come with a script, after the page, once: Astro would put a stylesheet that a script imports into the page itself. */
export function adopt(text: string): void {
  if (adopted.has(text)) return;
  adopted.add(text);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  document.adoptedStyleSheets.push(sheet);
}
