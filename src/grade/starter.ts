/** What a starter exports: what its exercise asks for. And the module that stands in for './exercise.ts' in a grader. */

import type { Node } from 'acorn';
import { parse } from './compile/parse.ts';
import { namesIn } from './compile/refuse.ts';

export interface StarterExport {
  readonly name: string;
  readonly isFunction: boolean;
  /** How its declaration begins: `export function* vfio_pci_mmap_fault(vmf)`. */
  readonly write: string;
}

/** The exports of a starter, in its order. Throws if it does not parse: the course is broken, not a submission. */
export function exportsOf(starter: string): StarterExport[] {
  const parsed = parse(starter);
  if ('errors' in parsed) throw new Error(`the starter does not parse: ${JSON.stringify(parsed.errors)}`);
  const { code, program } = parsed;
  return program.body.flatMap((node): StarterExport[] => {
    if (node.type !== 'ExportNamedDeclaration' || !node.declaration) return [];
    const { declaration } = node;
    if (declaration.type === 'VariableDeclaration') {
      const names = declaration.declarations.flatMap(({ id }) => namesIn(id));
      return names.map((name) => ({ name, isFunction: false, write: `export const ${name} = …` }));
    }
    const { name } = declaration.id;
    return [
      { name, isFunction: declaration.type === 'FunctionDeclaration', write: upToBody(code, node, declaration.body) },
    ];
  });
}

function upToBody(code: string, node: Node, body: Node): string {
  const head = code.slice(node.start, body.start).replace(/\s+/g, ' ').trim();
  return `${head.replace(/\( /g, '(').replace(/,? \)/g, ')')} { … }`;
}

/**
 * The text of the module that a grader's './exercise.ts' stands for, the same in both faces and in an editor: the starter's
 * names, with the submission's values.
 *
 * @param from what to import submission.ts by
 */
export function virtualModule(exports: readonly StarterExport[], from: string): string {
  const lines = exports.map(({ name }) => `export const ${name} = exported[${JSON.stringify(name)}];`);
  return [
    `import { submissionExports } from ${JSON.stringify(from)};`,
    'const exported = submissionExports();',
    ...lines,
    '',
  ].join('\n');
}
