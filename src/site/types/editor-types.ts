/** Types in the editor: errors at their lines, completions, and at the pointer what a name stands for. */

import { autocompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import type { Diagnostic } from '@codemirror/lint';
import type { Extension } from '@codemirror/state';
import { EditorView, hoverTooltip, ViewPlugin } from '@codemirror/view';
import type { Asked } from './client.ts';
import type { Meaning } from './service.ts';

/** Milliseconds after the last change until types are looked at. */
const pause = 400;

/** `show`: draws these beside the grader's errors. */
export function editorTypes(types: Asked, show: (view: EditorView, errors: Diagnostic[]) => void): Extension {
  return [
    checking(types, show),
    autocompletion({ override: [(context) => completions(types, context)] }),
    meanings(types),
    look,
  ];
}

function checking(types: Asked, show: (view: EditorView, errors: Diagnostic[]) => void): Extension {
  return ViewPlugin.define((view) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const check = async () => {
      const text = view.state.doc.toString();
      const errors = await types.errorsIn(text).catch(() => []);
      // Of a text that has changed meanwhile, the next check tells.
      if (text === view.state.doc.toString()) show(view, errors.map(asDiagnostic));
    };
    const soon = (after: number) => {
      clearTimeout(timer);
      timer = setTimeout(check, after);
    };
    soon(0);
    return { update: ({ docChanged }) => docChanged && soon(pause), destroy: () => clearTimeout(timer) };
  });
}

/** A warning, not an error: the text runs all the same. */
const asDiagnostic = ({ from, to, message }: { from: number; to: number; message: string }): Diagnostic => ({
  from,
  to,
  severity: 'warning',
  message: `Type: ${message}`,
});

async function completions(types: Asked, context: CompletionContext): Promise<CompletionResult | null> {
  const word = context.matchBefore(/[\w$]*/);
  const after = context.matchBefore(/\.[\w$]*/);
  if (!word || (word.from === word.to && !after && !context.explicit)) return null;
  const text = context.state.doc.toString();
  const found = await types.completionsAt(text, context.pos).catch(() => []);
  return {
    from: word.from,
    validFor: /^[\w$]*$/,
    options: found.map(({ label, kind }) => ({
      label,
      type: kind,
      info: async () => {
        const meaning = await types.detailsOf(text, context.pos, label).catch(() => undefined);
        return meaning ? asElement(meaning) : null;
      },
    })),
  };
}

const meanings = (types: Asked): Extension =>
  hoverTooltip(async (view, at) => {
    const meaning = await types.meaningOf(view.state.doc.toString(), at).catch(() => undefined);
    return meaning ? { pos: meaning.from, end: meaning.to, create: () => ({ dom: asElement(meaning) }) } : null;
  });

function asElement({ type, doc }: Meaning): HTMLElement {
  const place = document.createElement('div');
  place.className = 'cm-meaning';
  const code = document.createElement('code');
  code.textContent = type;
  const text = document.createElement('p');
  text.textContent = doc;
  place.append(code, ...(doc ? [text] : []));
  return place;
}

const look = EditorView.theme({
  '.cm-meaning': {
    padding: '0.375rem 0.75rem',
    maxWidth: '32rem',
    maxHeight: '16rem',
    overflow: 'auto',
    fontFamily: 'var(--sans)',
  },
  '.cm-meaning code': { fontFamily: 'var(--mono)', fontSize: 'var(--text-in)', whiteSpace: 'pre-wrap' },
  '.cm-meaning p': { margin: '0.375rem 0 0', whiteSpace: 'pre-wrap' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: 'var(--accent)', color: 'var(--paper)' },
  '.cm-tooltip.cm-completionInfo': { backgroundColor: 'var(--raised)', padding: '0' },
  '.cm-diagnostic-warning': { borderLeft: '3px dashed var(--warn)' },
});
