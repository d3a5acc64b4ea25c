/** The editor: CodeMirror in a shadow root, where its styles need no hole in the page's content security policy. */

import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, forEachDiagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, type Extension, StateEffect, StateField, type Text } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import type { SourceError } from '#grade/verdict';
import { cursorInSight, showPlace } from './editor-sight.ts';
import { editorTheme, highlightStyle } from './editor-theme.ts';
import { codeInText } from './markdown.ts';
import { keepHistory, stateWithHistory } from './undo-history.ts';

export interface EditorOptions {
  readonly text: string;
  /** Whose history of changes goes on with that text. */
  readonly exercise: string;
  /** What a screen reader calls it. */
  readonly label: string;
  onChange(): void;
  onRun(): void;
}

/** Draws type errors, which are warnings: the text runs all the same, so they are told from the grader's. */
export type ShowTypeErrors = (view: EditorView, errors: Diagnostic[]) => void;

export interface Editor {
  readonly text: string;
  /** Replaces the text; can be undone. */
  replace(text: string): void;
  /** Marks these lines, and unmarks all others that were marked so. */
  showErrors(errors: readonly SourceError[]): void;
  /** Adds what knows types; undefined: takes it away, and its marks. It is given what draws type errors. */
  useTypes(make: ((show: ShowTypeErrors) => Extension) | undefined): void;
  /** Points at the line that a trace stands at; undefined: at none. */
  pointAt(line: number | undefined): void;
  /** Puts the cursor on the line, and the focus into the editor. */
  goTo(line: number): void;
  focus(): void;
  /** Keeps what can be undone for the next time that this text is opened. */
  keepHistory(): void;
}

export function openEditor(host: HTMLElement, options: EditorOptions): Editor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const { text, exercise } = options;
  const extensions = extensionsFor(options);
  const state = stateWithHistory(exercise, text, { extensions }) ?? EditorState.create({ doc: text, extensions });
  const view = new EditorView({ parent: root, root, state });
  return {
    get text() {
      return view.state.doc.toString();
    },
    replace(text) {
      // To be undone alone: what was written just before stays then.
      const annotations = isolateHistory.of('full');
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, annotations });
    },
    showErrors(errors) {
      const found = errors.map((error) => diagnosticOf(error, view.state.doc));
      showDiagnostics(view, 'error', found);
    },
    useTypes(make) {
      const show: ShowTypeErrors = (at, errors) => showDiagnostics(at, 'warning', errors);
      view.dispatch({ effects: typesPlace.reconfigure(make ? make(show) : []) });
      if (!make) show(view, []);
    },
    pointAt(line) {
      pointAt(view, line);
    },
    goTo(line) {
      const { doc } = view.state;
      view.dispatch({
        selection: { anchor: doc.line(Math.min(Math.max(line, 1), doc.lines)).from },
        scrollIntoView: true,
      });
      view.focus();
    },
    focus() {
      view.focus();
    },
    keepHistory() {
      keepHistory(exercise, view.state);
    },
  };
}

const typesPlace = new Compartment();

function extensionsFor({ label, onChange, onRun }: EditorOptions): Extension[] {
  const run = () => {
    onRun();
    return true;
  };
  return [
    lineNumbers(),
    lintGutter(),
    history(),
    drawSelection(),
    indentOnInput(),
    indentUnit.of('  '),
    bracketMatching(),
    closeBrackets(),
    EditorView.lineWrapping,
    highlightActiveLine(),
    highlightActiveLineGutter(),
    javascript({ typescript: true }),
    syntaxHighlighting(highlightStyle),
    editorTheme,
    pointedLine,
    cursorInSight,
    typesPlace.of([]),
    // Escape, then Tab, leaves the editor: CodeMirror lets Tab through for two seconds after Escape.
    keymap.of([
      { key: 'Mod-Enter', run },
      ...closeBracketsKeymap,
      ...defaultKeymap,
      ...historyKeymap,
      ...lintKeymap,
      indentWithTab,
    ]),
    EditorView.contentAttributes.of({
      'aria-label': label,
      tabindex: '0',
      autocapitalize: 'off',
      autocorrect: 'off',
      spellcheck: 'false',
    }),
    EditorView.updateListener.of((update) => update.docChanged && onChange()),
  ];
}

/** Replaces those of this severity; the others stay where changes have moved them. */
function showDiagnostics(view: EditorView, severity: Diagnostic['severity'], found: readonly Diagnostic[]): void {
  const others: Diagnostic[] = [];
  forEachDiagnostic(view.state, (each, from, to) => {
    if (each.severity !== severity) others.push({ ...each, from, to });
  });
  view.dispatch(setDiagnostics(view.state, [...others, ...found]));
}

/** From the column, where it is known, to the end of the line; else the whole line. */
function diagnosticOf({ line, column, message }: SourceError, doc: Text): Diagnostic {
  const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
  const indent = at.text.length - at.text.trimStart().length;
  const from = Math.min(at.from + (column === undefined ? indent : column - 1), at.to);
  return { from, to: at.to, severity: 'error', message: message.text, renderMessage: () => withCode(message.text) };
}

function withCode(text: string): Node {
  const place = document.createElement('span');
  place.innerHTML = codeInText(text).text;
  return place;
}

const setPointedLine = StateEffect.define<number | undefined>();
const pointed = Decoration.line({ class: 'cm-pointed' });

const pointedLine = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(lines, transaction) {
    const effect = transaction.effects.find((each) => each.is(setPointedLine));
    if (!effect) return lines.map(transaction.changes);
    const { doc } = transaction.state;
    const line: number | undefined = effect.value;
    return line === undefined || line < 1 || line > doc.lines
      ? Decoration.none
      : Decoration.set([pointed.range(doc.line(line).from)]);
  },
  provide: (field) => EditorView.decorations.from(field),
});

function pointAt(view: EditorView, line: number | undefined): void {
  view.dispatch({ effects: setPointedLine.of(line) });
  const { doc } = view.state;
  if (line !== undefined && line >= 1 && line <= doc.lines) showPlace(view, doc.line(line).from);
}
