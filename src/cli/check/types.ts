/** Whether the exercises type-check, by the compiler that an editor uses and with the project's own settings. */

import { join, relative, sep } from 'node:path';
import ts from 'typescript';
import type { Problem } from '#course/catalogue';

/** Type errors in the files that `exercises/tsconfig.json` names. */
export function typeProblems(root: string): Problem[] {
  const settings = join(root, 'exercises', 'tsconfig.json');
  const config = ts.getParsedCommandLineOfConfigFile(settings, { noEmit: true }, configHost());
  if (!config)
    return [{ file: 'exercises/tsconfig.json', rule: 'exercises have their compiler settings', advice: 'Restore it.' }];
  const program = ts.createProgram(config.fileNames, config.options);
  const found = [...config.errors, ...ts.getPreEmitDiagnostics(program)];
  return found.map((diagnostic) => problemOf(root, diagnostic)).filter(({ file }) => file.startsWith('exercises/'));
}

function configHost(): ts.ParseConfigFileHost {
  return { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} };
}

function problemOf(root: string, { file, start, messageText }: ts.Diagnostic): Problem {
  const rule = 'every file of an exercise type-checks';
  const advice = ts.flattenDiagnosticMessageText(messageText, '\n');
  if (!file) return { file: 'exercises/tsconfig.json', rule, advice };
  const name = relative(root, file.fileName).split(sep).join('/');
  const line = start === undefined ? undefined : file.getLineAndCharacterOfPosition(start).line + 1;
  return { file: name, ...(line === undefined ? {} : { line }), rule, advice };
}
