/** What a submission may not do, found before it runs. */

import type { AnyNode, ModuleDeclaration, Pattern, VariableDeclaration } from 'acorn';
import type { Parsed, Problem } from './parse.ts';
import { isFunction, runsLater, type Survey, type Visit } from './survey.ts';
import { noAsync } from './syntax.ts';
import { refuseBareOperand } from './yields.ts';

/** Names that the compiled code uses. */
export const ownNames = ['__require', '__at', '__called', '__steps', '__turn', '__use', '__freeze', '__default'];

const modules = ['#linux', '#explore'];

/** Collections that can change, and that nothing can freeze. */
const collections = /^(?:Weak)?(?:Map|Set|Ref)$|^Date$|^ArrayBuffer$|^DataView$|^(?:Big)?(?:Int|Uint|Float)\w*Array$/;

/** Why the node may not stand here, or undefined. */
type Rule = (node: AnyNode, visit: Visit, parsed: Parsed, survey: Survey) => string | undefined;

const rules: readonly Rule[] = [
  refuseAsync,
  refuseVariable,
  refuseCollection,
  refuseStaticField,
  refuseModule,
  refuseImportMeta,
  refuseEvaluation,
  refuseCommonJs,
  refuseSuper,
  refuseOwnName,
  refuseHtmlComment,
  refuseBareOperand,
];

/** All that the submission may not do, in the order of its lines. */
export function refusals(parsed: Parsed, survey: Survey): Problem[] {
  const problems = survey.visits.flatMap((visit) =>
    rules.flatMap((rule) => {
      const message = rule(visit.node, visit, parsed, survey);
      return message === undefined ? [] : [parsed.problemAt(visit.node, message)];
    }),
  );
  problems.push(...refuseErased(parsed));
  const unlike = (problem: Problem, index: number) =>
    problems.findIndex((each) => each.line === problem.line && each.message === problem.message) === index;
  return problems.filter(unlike).sort((a, b) => a.line - b.line || (a.column ?? 0) - (b.column ?? 0));
}

function refuseAsync(node: AnyNode, visit: Visit): string | undefined {
  if (isFunction(node) && 'async' in node && node.async) return noAsync;
  const isAwait = node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await);
  return isAwait && !visit.ancestors.some(isFunction) ? noAsync : undefined;
}

function refuseVariable(node: AnyNode, visit: Visit, parsed: Parsed): string | undefined {
  if (node.type !== 'VariableDeclaration' || node.kind === 'const') return undefined;
  if (node.kind === 'var' && isEnum(node, parsed))
    return '`enum` is not a type that can be stripped: write a `const` object instead.';
  if (runsLater(visit)) return undefined;
  const isTopLevel = visit.ancestors.every(({ type }) => type === 'Program' || type === 'ExportNamedDeclaration');
  if (!isTopLevel && node.kind !== 'var') return undefined; // `let` in a block ends with the block; `var` does not
  const names = node.declarations.flatMap(({ id }) => namesIn(id)).map((name) => `\`${name}\``);
  return `\`${node.kind}\` at the top level: ${names.join(', ')} would keep what one run leaves behind for the next. ${insteadOfState}`;
}

const insteadOfState = 'Make it a `const`, or move it into the function that uses it.';

/** Stripping turns an `enum` into a `var` that the learner never wrote. */
function isEnum(node: VariableDeclaration, { source }: Parsed): boolean {
  const line = source.split('\n')[(node.loc?.start.line ?? 1) - 1] ?? '';
  return /\benum\b/.test(line) && !/\bvar\b/.test(line);
}

function refuseCollection(node: AnyNode, visit: Visit): string | undefined {
  if (node.type !== 'NewExpression' || node.callee.type !== 'Identifier' || !collections.test(node.callee.name))
    return undefined;
  return isHeldAtTopLevel(visit)
    ? `a ${node.callee.name} at the top level can change while the program runs. Move it into the function that uses it; an array or object written here is allowed, and frozen.`
    : undefined;
}

/** Is the value itself, or as a part of a literal, bound to a top-level name? */
function isHeldAtTopLevel({ node, ancestors }: Visit): boolean {
  const literal = /^(?:ObjectExpression|ArrayExpression|Property|ConditionalExpression|LogicalExpression)$/;
  const outwards = [...ancestors].reverse();
  const holder = outwards.findIndex(({ type }) => !literal.test(type));
  const holding = outwards[holder];
  if (holding?.type === 'ExportDefaultDeclaration') return true;
  const isTopLevel = /^(?:Program|ExportNamedDeclaration)$/.test(outwards[holder + 2]?.type ?? '');
  return isTopLevel && holding?.type === 'VariableDeclarator' && holding.init === (outwards[holder - 1] ?? node);
}

function refuseStaticField(node: AnyNode, { ancestors }: Visit): string | undefined {
  if (node.type !== 'PropertyDefinition' || !node.static || ancestors.some(isFunction)) return undefined;
  return `a static field would keep what one run leaves behind for the next. ${insteadOfState}`;
}

function refuseModule(node: AnyNode): string | undefined {
  if (node.type === 'ImportExpression') return onlyTheseModules('import(…)');
  if (node.type === 'ExportAllDeclaration') return 'Export by name what this file makes: `export *` is not allowed.';
  const from = moduleOf(node);
  if (from !== undefined && !modules.includes(from)) return onlyTheseModules(`'${from}'`);
  if (node.type === 'ImportDeclaration' && node.specifiers.some(({ type }) => type === 'ImportDefaultSpecifier')) {
    return `'${from}' has no default export: write \`import { … } from '${from}'\`.`;
  }
  return undefined;
}

function moduleOf(node: AnyNode | ModuleDeclaration): string | undefined {
  if (node.type !== 'ImportDeclaration' && node.type !== 'ExportNamedDeclaration') return undefined;
  return node.source ? String(node.source.value) : undefined;
}

const onlyTheseModules = (what: string) => `A submission imports '#linux' and '#explore' only: remove ${what}.`;

function refuseImportMeta(node: AnyNode): string | undefined {
  return node.type === 'MetaProperty' && node.meta.name === 'import'
    ? 'There is no `import.meta` here: a submission does not know where it runs.'
    : undefined;
}

function refuseEvaluation(node: AnyNode, { ancestors }: Visit): string | undefined {
  if (node.type !== 'Identifier') return undefined;
  const parent = ancestors.at(-1);
  const isCallee = (parent?.type === 'CallExpression' || parent?.type === 'NewExpression') && parent.callee === node;
  const evaluates = node.name === 'eval' || (node.name === 'Function' && isCallee);
  return evaluates
    ? `\`${node.name}\` makes code out of text, which cannot be checked: write the code itself.`
    : undefined;
}

function refuseCommonJs(node: AnyNode, visit: Visit, _parsed: Parsed, { declared }: Survey): string | undefined {
  if (node.type !== 'Identifier' || declared.has(node.name)) return undefined;
  const parent = visit.ancestors.at(-1);
  if (node.name === 'require') return onlyTheseModules('require(…)');
  const isExports = (node.name === 'module' || node.name === 'exports') && parent?.type === 'MemberExpression';
  return isExports ? 'Write `export` before what the grader should see, instead of assigning to `exports`.' : undefined;
}

/** A generator method becomes an ordinary method around a generator, in which `super` would have no meaning. */
function refuseSuper(node: AnyNode, { ancestors }: Visit): string | undefined {
  if (node.type !== 'Super') return undefined;
  const hasOwnSuper = /^(?:FunctionExpression|FunctionDeclaration|PropertyDefinition|StaticBlock)$/;
  const method = [...ancestors].reverse().find(({ type }) => hasOwnSuper.test(type));
  return method && 'generator' in method && method.generator
    ? '`super` is not allowed in a generator method: call a function by its name instead.'
    : undefined;
}

function refuseOwnName(node: AnyNode): string | undefined {
  const names =
    node.type === 'Identifier'
      ? [node.name]
      : node.type === 'ImportDeclaration'
        ? node.specifiers.map(({ local }) => local.name)
        : [];
  const taken = names.find((name) => ownNames.includes(name));
  return taken && `\`${taken}\` is a name that the grader uses: choose another.`;
}

function refuseHtmlComment(node: AnyNode, _visit: Visit, { code }: Parsed): string | undefined {
  const isComment = node.type === 'UnaryExpression' && code.startsWith('<!--', node.start - 1);
  return isComment ? '`<!--` would begin a comment here: write `< !--`.' : undefined;
}

const erasable: readonly (readonly [RegExp, (match: RegExpExecArray) => string | undefined])[] = [
  [
    /^[ \t]*(?:export\s+)?(?:namespace|module)\s+[\w$.]+\s*\{/gm,
    () => '`namespace` is not a type that can be stripped: write a `const` object instead.',
  ],
  [
    /^[ \t]*(?:import|export)\s+type\b[^'"`;]*?\bfrom\s*(['"])(.+?)\1/gm,
    ([, , from = '']) => (modules.includes(from) ? undefined : onlyTheseModules(`'${from}'`)),
  ],
];

/** What stripping takes away without a trace: code in namespaces, and types from elsewhere. */
function* refuseErased({ source, code }: Parsed): Generator<Problem> {
  const stripped = code.split('\n');
  for (const [pattern, explain] of erasable) {
    for (const match of source.matchAll(pattern)) {
      const line = source.slice(0, match.index).split('\n').length;
      const message = explain(match);
      const isErased = !stripped[line - 1]?.includes(match[0].split('\n')[0]?.trim() ?? '');
      if (message && isErased) yield { line, column: match[0].search(/\S/) + 1, message };
    }
  }
}

/** The names that a pattern binds: `{ a, b: [c = 1, ...d] }` binds a, c, d. */
export function namesIn(pattern: Pattern): string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((each) => namesIn(each.type === 'RestElement' ? each.argument : each.value));
    case 'ArrayPattern':
      return pattern.elements.flatMap((each) => (each ? namesIn(each) : []));
    case 'RestElement':
      return namesIn(pattern.argument);
    case 'AssignmentPattern':
      return namesIn(pattern.left);
    default:
      return [];
  }
}
