/** The editor in the site's colours: custom properties reach into the shadow root, so both themes come by themselves. */

import { HighlightStyle } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** What has a colour; the rest is ordinary text. */
export const tokens = [
  { name: 'keyword', tag: [tags.keyword, tags.operator, tags.modifier] },
  { name: 'string', tag: [tags.string, tags.regexp] },
  { name: 'comment', tag: tags.comment },
  { name: 'number', tag: [tags.number, tags.bool, tags.null] },
  { name: 'function', tag: [tags.function(tags.variableName), tags.function(tags.propertyName)] },
  { name: 'type', tag: [tags.typeName, tags.className, tags.namespace] },
];

export const highlightStyle = HighlightStyle.define(
  tokens.map(({ name, tag }) => ({ tag, color: `var(--code-${name})` })),
);

export const editorTheme = EditorView.theme({
  '&': { height: '100%', color: 'var(--code-ink)', backgroundColor: 'var(--raised)', fontSize: 'var(--text-code)' },
  '&.cm-focused': { outline: 'none' },
  // Above the gutter, which would hide an outline.
  '&.cm-focused::after': {
    content: '""',
    position: 'absolute',
    inset: '0',
    zIndex: '300',
    border: '2px solid var(--focus)',
    pointerEvents: 'none',
  },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.6', fontVariantLigatures: 'none' },
  '.cm-content': { caretColor: 'var(--ink)', padding: '0.5rem 0' },
  '.cm-line': { padding: '0 0.75rem 0 0.25rem' },
  '.cm-cursor': { borderLeft: '2px solid var(--ink)' },
  '.cm-gutters': { backgroundColor: 'var(--raised)', color: 'var(--ink-soft)', border: '0' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '2.25em', padding: '0 0.25em 0 0' },
  '.cm-gutter-lint': { width: '1.1em' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine, &.cm-focused .cm-activeLineGutter': { backgroundColor: 'var(--surface)' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    backgroundColor: 'var(--accent-soft)',
  },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: 'transparent',
    outline: '1px solid var(--line-strong)',
  },
  '.cm-pointed, &.cm-focused .cm-pointed.cm-activeLine': {
    backgroundColor: 'var(--accent-soft)',
    boxShadow: 'inset 3px 0 var(--accent)',
  },
  // Where the system sets the colours there are neither backgrounds nor shadows.
  '@media (forced-colors: active)': {
    '.cm-pointed': { outline: '2px solid Highlight', outlineOffset: '-2px' },
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--raised)',
    border: '1px solid var(--line-strong)',
    borderRadius: 'var(--radius)',
  },
  '.cm-diagnostic': { padding: '0.375rem 0.75rem', fontFamily: 'var(--sans)', maxWidth: '40rem' },
  '.cm-diagnostic code': { fontFamily: 'var(--mono)', fontSize: 'var(--text-in)' },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--bad)' },
  '.cm-panels': { backgroundColor: 'var(--surface)', color: 'var(--ink)' },
});
