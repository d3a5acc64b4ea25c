/** What Vite must know to bundle graders, or to run one in an editor: what './exercise.ts' is, and which exercises there are. */

import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Program } from 'acorn';
import type { Plugin } from 'vite';
import { exportsOf, virtualModule } from '../starter.ts';
import { exerciseFolders, projectRoot, readExercise } from './exercises.ts';
import { graderFunction } from './grader-function.ts';

const CATALOGUE = 'virtual:faultline/exercises';
const STAND_IN = '\0faultline:exercise:';

const submissionModule = fileURLToPath(new URL('../submission.ts', import.meta.url));
const vitestModule = fileURLToPath(new URL('../vitest.ts', import.meta.url));
const openModule = fileURLToPath(new URL('../open.ts', import.meta.url));

export interface PluginOptions {
  /** URL of the folder that holds `exercises/` and `content/`; it ends in a slash. */
  readonly root?: string;
  /** In an editor's Vitest the module loads the learner's own file, `my/<id>.ts` (else the starter); in a worker it is handed one. */
  readonly loads?: boolean;
}

/**
 * Resolves `virtual:faultline/exercises` to all graders, each a function; or, where Vitest itself runs one, its './exercise.ts' to the
 * submission. Otherwise 'vitest' is our own small one.
 */
export function faultline({ root = projectRoot, loads = false }: PluginOptions = {}): Plugin[] {
  const resolving: Plugin = {
    name: 'faultline',
    enforce: 'pre',
    resolveId(source, importer) {
      if (source === CATALOGUE) return `\0${CATALOGUE}`;
      if (source === 'vitest' && !loads) return vitestModule;
      const isGraders = source === './exercise.ts' && importer !== undefined && isGrader(importer);
      return isGraders ? STAND_IN + dirname(importer) : undefined;
    },
    load(id) {
      if (id === `\0${CATALOGUE}`) return catalogue(root);
      if (!id.startsWith(STAND_IN)) return undefined;
      const folder = id.slice(STAND_IN.length);
      const starter = resolve(folder, 'exercise.ts');
      this.addWatchFile(starter);
      const text = virtualModule(exportsOf(readFileSync(starter, 'utf8')), submissionModule);
      return loading(ownFile(root, folder) ?? starter) + text;
    },
  };
  // After the types are gone.
  const calling: Plugin = {
    name: 'faultline:grader-functions',
    transform(code, id) {
      return isGrader(id) ? graderFunction(code, this.parse(code) as unknown as Program, submissionModule) : undefined;
    },
  };
  return loads ? [resolving] : [resolving, calling];
}

const isGrader = (id: string) => basename(id) === 'exercise.test.ts';

/** The text of a module that exports every exercise, its grader still unread. */
function catalogue(root: string): string {
  const entries = Object.keys(exerciseFolders(root)).map((id) => {
    const { grader, ...exercise } = readExercise(root, id);
    const data = JSON.stringify(exercise).slice(1, -1);
    return `${JSON.stringify(id)}: { ${data}, importGrader: async () => (await import(${JSON.stringify(fileURLToPath(grader))})).default() },`;
  });
  return `export const exercises = {\n${entries.join('\n')}\n};\n`;
}

function ownFile(root: string, folder: string): string | undefined {
  const file = fileURLToPath(new URL(`my/${basename(folder).replace(/^\d+-/, '')}.ts`, root));
  return existsSync(file) ? file : undefined;
}

/** Statements that load the file as a submission. */
function loading(file: string): string {
  return [
    `import { runInThisContext } from 'node:vm';`,
    `import { openSubmission } from ${JSON.stringify(openModule)};`,
    `import { provideSubmission } from ${JSON.stringify(submissionModule)};`,
    `import source from ${JSON.stringify(`${file}?raw`)};`,
    `const opened = openSubmission(source, (expression) => runInThisContext(expression));`,
    `if ('errors' in opened) throw new Error(opened.errors.map(({ line, message }) => 'line ' + line + ': ' + message).join('\\n'));`,
    `provideSubmission(opened.exports);`,
    '',
  ].join('\n');
}
