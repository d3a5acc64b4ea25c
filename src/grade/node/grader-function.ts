/** A grader as a function: called, it declares its checks for what has been provided (submission.ts), and it can be called again. */

import type { ImportDeclaration, Program } from 'acorn';

/**
 * The text of a module whose default export is that function: it keeps the grader's imports, and takes those of './exercise.ts' from the
 * submission. Throws for a grader that exports something: nobody could import it.
 *
 * @param code JavaScript
 * @param from what to import submission.ts by
 */
export function graderFunction(code: string, { body }: Program, from: string): string {
  const exported = body.find(({ type }) => type.startsWith('Export'));
  if (exported) throw new Error('a grader exports nothing: what others need too has a file of its own');
  const textOf = ({ start, end }: { start: number; end: number }) => code.slice(start, end);
  const imports = body.filter((node) => node.type === 'ImportDeclaration');
  const isOfSubmission = ({ source }: ImportDeclaration) => source.value === './exercise.ts';
  return [
    `import { submissionExports } from ${JSON.stringify(from)};`,
    ...imports.filter((each) => !isOfSubmission(each)).map(textOf),
    'export default () => {',
    ...imports.filter(isOfSubmission).map(({ specifiers }) => `const ${bound(specifiers)} = submissionExports();`),
    ...body.filter((node) => node.type !== 'ImportDeclaration').map(textOf),
    '};',
    '',
  ].join('\n');
}

/** The pattern that binds what an import does. */
function bound(specifiers: ImportDeclaration['specifiers']): string {
  const [first] = specifiers;
  if (first?.type === 'ImportNamespaceSpecifier') return first.local.name;
  const names = specifiers.map((each) => {
    if (each.type !== 'ImportSpecifier') throw new Error("'./exercise.ts' has no default export");
    const name = each.imported.type === 'Identifier' ? each.imported.name : JSON.stringify(each.imported.value);
    return `${name}: ${each.local.name}`;
  });
  return `{ ${names.join(', ')} }`;
}
