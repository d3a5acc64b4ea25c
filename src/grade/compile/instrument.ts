/**
 * The calls that are written into a submission, each on the line where the learner's code stands.
 *
 * A node is edited after all that it contains. What begins before a node is put in front of what is there already, and what
 * ends behind it after: so at every place the outer call encloses the inner one.
 */

import type {
  AnonymousFunctionDeclaration,
  AnyNode,
  CallExpression,
  DoWhileStatement,
  Expression,
  ForInStatement,
  ForOfStatement,
  ForStatement,
  FunctionDeclaration,
  FunctionExpression,
  Identifier,
  MethodDefinition,
  Node,
  PrivateIdentifier,
  Property,
  WhileStatement,
} from 'acorn';
import type MagicString from 'magic-string';
import type { Survey } from './survey.ts';
import { comparedNames, type Use, usesOf } from './uses.ts';

type Loop = WhileStatement | DoWhileStatement | ForStatement | ForInStatement | ForOfStatement;

/** Writes `__at`, `__called`, `__steps`, `__turn` and `__use` into `out`. */
export function instrument(out: MagicString, survey: Survey): void {
  const { visits, mentioned, declared, insideChain } = survey;
  const uses = usesOf(survey);
  const inner = (name: string) => {
    let unused = `${name.replace(/[^\p{ID_Continue}$]|^(?=\d)/gu, '_')}$`;
    while (mentioned.has(unused) || declared.has(unused)) unused += '$';
    return unused;
  };
  for (const { node, ancestors } of visits) {
    const parent = ancestors.at(-1);
    if (node.type === 'CallExpression' && !insideChain.has(node)) writeAt(out, node, lineOfCall(node));
    else if (node.type === 'ChainExpression') writeAtChain(out, node.expression, node);
    else if (node.type === 'YieldExpression' && node.delegate) writeAtDelegate(out, node.argument);
    else if (isLoop(node)) writeTurn(out, node);
    else if (isGenerator(node)) writeGenerator(out, node, parent, inner);
    const use = uses.get(node);
    if (use) writeUse(out, node, use);
    const compared = comparedNames(node);
    if (compared) writePair(out, node, compared);
  }
}

const isLoop = (node: AnyNode): node is Loop => /^(?:While|DoWhile|For|ForIn|ForOf)Statement$/.test(node.type);

type GeneratorNode = FunctionExpression | FunctionDeclaration | AnonymousFunctionDeclaration;

const isGenerator = (node: AnyNode): node is GeneratorNode =>
  (node.type === 'FunctionExpression' || node.type === 'FunctionDeclaration') && node.generator;

function enclose(out: MagicString, { start, end }: Node, before: string, after: string): void {
  out.prependRight(start, before).appendLeft(end, after);
}

const lineOf = (node: Node) => node.loc?.start.line ?? 1;

// --- Where a call stands ------------------------------------------------------------------------------------------

function writeAt(out: MagicString, node: Node, line: number): void {
  enclose(out, node, `__at(${line}, `, ')');
}

/** In a call over several lines, the line of the name that is called. */
const lineOfCall = ({ callee }: CallExpression) =>
  lineOf(callee.type === 'MemberExpression' ? callee.property : callee);

/** `a?.b()`: the chain as a whole is the call. */
function writeAtChain(out: MagicString, last: Expression, chain: Node): void {
  if (last.type === 'CallExpression') writeAt(out, chain, lineOfCall(last));
}

/** `yield* waiting`: a call that was made elsewhere is started here. */
function writeAtDelegate(out: MagicString, argument: Node | null | undefined): void {
  if (argument?.type === 'Identifier' || argument?.type === 'MemberExpression')
    writeAt(out, argument, lineOf(argument));
}

// A message shows it; what is longer is no name of a cell or of a list.
const LONGEST_SHOWN = 60;

// --- Where a value is used -----------------------------------------------------------------------------------------

function writeUse(out: MagicString, node: AnyNode, use: Use): void {
  const line = node.type === 'CallExpression' ? lineOfCall(node) : lineOf(node);
  const written = out.original.slice(node.start, node.end).replace(/\s+/g, '');
  const shown = written.length > LONGEST_SHOWN ? '(…)' : written;
  enclose(out, node, `__use.${use}(${line}, `, `, ${JSON.stringify(shown)})`);
}

/** Before two are compared, whether they ever can be the same. */
function writePair(out: MagicString, node: AnyNode, [left, right]: readonly [AnyNode, AnyNode]): void {
  const [one, other] = [left, right].map((each) => out.original.slice(each.start, each.end).replace(/\s+/g, ''));
  const written = `${JSON.stringify(one)}, ${JSON.stringify(other)}`;
  enclose(out, node, `(__use.pair(${lineOf(node)}, ${one}, ${other}, ${written}), `, ')');
}

// --- Rounds of a loop ---------------------------------------------------------------------------------------------

function writeTurn(out: MagicString, loop: Loop): void {
  const { body } = loop;
  const turn = `__turn(${lineOf(loop)});`;
  if (body.type === 'BlockStatement') out.prependRight(body.start + 1, turn);
  else enclose(out, body, `{ ${turn} `, ' }');
}

// --- Calls of generator functions ---------------------------------------------------------------------------------

type Inner = (name: string) => string;

function writeGenerator(out: MagicString, node: GeneratorNode, parent: AnyNode | undefined, inner: Inner): void {
  const name = node.id?.name ?? nameFrom(parent, out.original);
  const writing = { out, line: lineOf(node), name: JSON.stringify(name), real: inner(name) };
  if (parent?.type === 'MethodDefinition' || (parent?.type === 'Property' && parent.method)) {
    // The iterator that for…of asks an object for is taken as it is: nothing would mark its call as started.
    if (!parent.computed || name !== 'Symbol.iterator') writeMethod(writing, node, parent);
  } else if (node.type === 'FunctionDeclaration' && node.id) writeDeclaration(writing, node, node.id);
  else if (node.id) writeNamedExpression(writing, node, node.id);
  else {
    out.appendLeft(starOf(out.original, node) + 1, ` ${writing.real}`);
    enclose(out, node, stepsOf(writing), ')');
  }
}

interface Writing {
  readonly out: MagicString;
  readonly line: number;
  /** As messages name it, quoted. */
  readonly name: string;
  /** The name of the generator function inside. */
  readonly real: string;
}

const stepsOf = ({ name, line }: Writing) => `__steps(${name}, ${line}, `;

/** `function* f(a) {…}` becomes an `f` that registers its call, and `function* f$(a) {…}` beside it, hoisted alike. */
function writeDeclaration({ out, line, name, real }: Writing, node: GeneratorNode, id: Identifier): void {
  const registers = `return __called(${name}, ${real}.apply(this, arguments), ${line});`;
  out.prependRight(node.start, `function ${id.name}() { ${registers} } `);
  out.update(id.start, id.end, real);
}

/** Inside itself the name means the function that registers, as it does outside. */
function writeNamedExpression(writing: Writing, node: GeneratorNode, id: Identifier): void {
  writing.out.update(id.start, id.end, writing.real);
  enclose(writing.out, node, `(() => { const ${id.name} = ${stepsOf(writing)}`, `); return ${id.name}; })()`);
}

/** `{ *f(a) {…} }` becomes `{ f: __steps(…, function* f$(a) {…}) }`; in a class, a method that calls such a function. */
function writeMethod(writing: Writing, node: GeneratorNode, parent: Property | MethodDefinition): void {
  const { out, line, name, real } = writing;
  const star = starOf(out.original, parent);
  out.remove(star, star + 1);
  if (parent.type === 'Property') enclose(out, node, `: ${stepsOf(writing)}function* ${real}`, ')');
  else enclose(out, node, `() { return __called(${name}, (function* ${real}`, `).apply(this, arguments), ${line}); }`);
}

/** Where the `*` of a generator function or method stands. */
function starOf(code: string, { start }: Node): number {
  const upToStar = /(?:\s|\/\*[\s\S]*?\*\/|\/\/.*|function\b|static\b)*\*/y;
  upToStar.lastIndex = start;
  upToStar.test(code);
  return upToStar.lastIndex - 1;
}

/** The name of a function that has none of its own, from where it stands. */
function nameFrom(parent: AnyNode | undefined, code: string): string {
  switch (parent?.type) {
    case 'VariableDeclarator':
      return nameOfKey(parent.id, code);
    case 'Property':
    case 'PropertyDefinition':
    case 'MethodDefinition':
      return nameOfKey(parent.key, code);
    case 'AssignmentExpression':
    case 'AssignmentPattern':
      return nameOfKey(parent.left.type === 'MemberExpression' ? parent.left.property : parent.left, code);
    case 'ExportDefaultDeclaration':
      return 'default';
    default:
      return 'anonymous';
  }
}

function nameOfKey(key: Node & { name?: string; value?: unknown }, code: string): string {
  if (key.type === 'PrivateIdentifier') return `#${(key as PrivateIdentifier).name}`;
  if (key.type === 'Literal') return String(key.value);
  return key.type === 'Identifier' ? String(key.name) : code.slice(key.start, key.end);
}
