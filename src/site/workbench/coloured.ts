/** Code in the editor's colours where there is no editor: as spans of the classes that fences have. */

import { typescriptLanguage } from '@codemirror/lang-javascript';
import { highlightCode, tagHighlighter } from '@lezer/highlight';
import { html, type Markup } from '../stepper/html.ts';
import { tokens } from './editor-theme.ts';

/** A class is its token's first letter (base.css). */
const classes = tagHighlighter(tokens.map(({ tag, name }) => ({ tag, class: name.charAt(0) })));

export function coloured(code: string): Markup {
  const parts: (string | Markup)[] = [];
  highlightCode(
    code,
    typescriptLanguage.parser.parse(code),
    classes,
    (text, name) => parts.push(name ? html`<span class="${name}">${text}</span>` : text),
    () => parts.push('\n'),
  );
  return html`${parts}`;
}
