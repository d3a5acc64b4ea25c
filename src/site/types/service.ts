/** What TypeScript says of a submission: type errors, completions, and what a name stands for. Knows files by their text alone. */

import ts from 'typescript';

export interface TypeError {
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

export interface Completion {
  readonly label: string;
  /** TypeScript's own word: `function`, `const`, `interface` … */
  readonly kind: string;
}

/** What a name stands for: its type, and the doc comment. */
export interface Meaning {
  readonly from: number;
  readonly to: number;
  readonly type: string;
  readonly doc: string;
}

export interface TypeService {
  errorsIn(text: string): TypeError[];
  /** Those that may stand there, and where the word begins that they replace. */
  completionsAt(text: string, at: number): readonly Completion[];
  meaningOf(text: string, at: number): Meaning | undefined;
  detailsOf(text: string, at: number, label: string): Meaning | undefined;
}

const submission = '/submission.ts';

/** As tsconfig.base.json, for a file that sees no host. */
const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2024.d.ts'],
  types: [],
  strict: true,
  noUncheckedIndexedAccess: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  noEmit: true,
};

/** `files`: by path, the course's from `/src/`, TypeScript's own from `/lib/`. `aliases`: what an import of `#…` stands for. */
export function typeService(
  files: Readonly<Record<string, string>>,
  aliases: Readonly<Record<string, string>>,
): TypeService {
  let current = '';
  let version = 0;
  const service = ts.createLanguageService(
    hostFor(files, aliases, () => ({ text: current, version: String(version) })),
  );
  const opened = (text: string) => {
    if (text === current) return service;
    current = text;
    version++;
    return service;
  };
  return {
    errorsIn: (text) => opened(text).getSemanticDiagnostics(submission).map(asError),
    completionsAt: (text, at) =>
      opened(text)
        .getCompletionsAtPosition(submission, at, { includeCompletionsForModuleExports: false })
        ?.entries.map(({ name, kind }) => ({ label: name, kind })) ?? [],
    meaningOf: (text, at) => asMeaning(opened(text).getQuickInfoAtPosition(submission, at)),
    detailsOf: (text, at, label) =>
      asMeaning(
        opened(text).getCompletionEntryDetails(submission, at, label, undefined, undefined, undefined, undefined),
      ),
  };
}

function hostFor(
  files: Readonly<Record<string, string>>,
  aliases: Readonly<Record<string, string>>,
  current: () => { text: string; version: string },
): ts.LanguageServiceHost {
  const textOf = (path: string) => (path === submission ? current().text : files[path]);
  const resolve = (name: string, from: string): ts.ResolvedModuleFull | undefined => {
    const path = aliases[name] ?? (name.startsWith('.') ? new URL(name, `file://${from}`).pathname : undefined);
    return path !== undefined && path in files
      ? { resolvedFileName: path, extension: ts.Extension.Ts, isExternalLibraryImport: false }
      : undefined;
  };
  return {
    getScriptFileNames: () => [submission],
    getScriptVersion: (path) => (path === submission ? current().version : '0'),
    getScriptSnapshot(path) {
      const text = textOf(path);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => '/',
    getCompilationSettings: () => options,
    getDefaultLibFileName: () => '/lib/lib.es2024.d.ts',
    fileExists: (path) => textOf(path) !== undefined,
    readFile: textOf,
    resolveModuleNameLiterals: (names, from) => names.map(({ text }) => ({ resolvedModule: resolve(text, from) })),
  };
}

const asError = ({ start = 0, length = 0, messageText }: ts.Diagnostic): TypeError => ({
  from: start,
  to: start + length,
  message: ts.flattenDiagnosticMessageText(messageText, '\n'),
});

function asMeaning(info: ts.QuickInfo | ts.CompletionEntryDetails | undefined): Meaning | undefined {
  if (!info) return undefined;
  const { start, length } = 'textSpan' in info ? info.textSpan : { start: 0, length: 0 };
  const [type, doc] = [ts.displayPartsToString(info.displayParts), ts.displayPartsToString(info.documentation)];
  return { from: start, to: start + length, type, doc };
}
