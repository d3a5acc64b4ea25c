/**
 * Where a value is used for what it is: operands, conditions, what loops go through, what a member is taken of. There an operation
 * that never ran would be true, a cell would be unlike everything, and nothing would say so.
 */

import type { AnyNode, Node } from 'acorn';
import type { Survey, Visit } from './survey.ts';

/** How a value is used; for each there is a function in src/grade/uses.ts. */
export type Use = 'value' | 'number' | 'test' | 'each' | 'object';

/** What may turn out to be an operation or a cell: a name, a member, a call. */
const isOpaque = (node: AnyNode) => /^(?:Identifier|MemberExpression|CallExpression|ChainExpression)$/.test(node.type);

/** The uses of one file: node to how it is used. A node is used in one way, for it stands in one place. */
export function usesOf({ visits, insideChain }: Survey): ReadonlyMap<Node, Use> {
  const uses = new Map<Node, Use>();
  const mark = (use: Use, node: AnyNode | null | undefined) => {
    if (node && isOpaque(node) && !(node.type === 'Identifier' && node.name === 'undefined')) uses.set(node, use);
  };
  const markTest = (test: AnyNode | null | undefined) => {
    if (test?.type !== 'LogicalExpression') return mark('test', test);
    markTest(test.left);
    markTest(test.right);
  };
  for (const visit of visits) {
    const { node } = visit;
    if (node.type === 'BinaryExpression') markOperands(node, mark);
    else if (node.type === 'LogicalExpression' && node.operator !== '??') markTest(node.left);
    else if (node.type === 'UnaryExpression') markOperand(node, mark);
    else if (node.type === 'AssignmentExpression' && /^(?!&&|\|\||\?\?).+=$/.test(node.operator))
      mark('value', node.right);
    else if (node.type === 'SwitchStatement') mark('value', node.discriminant);
    else if (node.type === 'ForOfStatement') mark('each', node.right);
    else if (node.type === 'SpreadElement' && visit.ancestors.at(-1)?.type !== 'ObjectExpression')
      mark('each', node.argument);
    else if (node.type === 'MemberExpression' && isTakenOf(visit) && !insideChain.has(node.object))
      mark('object', node.object.type === 'Identifier' ? undefined : (node.object as AnyNode));
    else if ('test' in node && node.type !== 'SwitchCase') markTest(node.test);
  }
  return uses;
}

type Mark = (use: Use, node: AnyNode) => void;

/** Whether a cell is there at all may be asked of the cell itself: `vmf.pte === null`. */
function markOperands(node: AnyNode & { type: 'BinaryExpression' }, mark: Mark): void {
  if (node.operator === 'in' || node.operator === 'instanceof') return;
  const [left, right] = [node.left as AnyNode, node.right as AnyNode];
  const use = /^(?:[-*/%&|^]|\*\*|<<|>>>?|[<>]=?)$/.test(node.operator) ? 'number' : 'value';
  mark(isNothing(right) ? 'test' : use, left);
  mark(isNothing(left) ? 'test' : use, right);
}

/**
 * `e === vma`, where both are names or members of names: what can be read twice. The two, or undefined for any other comparison.
 */
export function comparedNames(node: AnyNode): readonly [AnyNode, AnyNode] | undefined {
  if (node.type !== 'BinaryExpression' || !/^[!=]==?$/.test(node.operator)) return undefined;
  const [left, right] = [node.left as AnyNode, node.right as AnyNode];
  const isNamed = (each: AnyNode) => isName(each) && !isNothing(each);
  return isNamed(left) && isNamed(right) ? [left, right] : undefined;
}

const isName = (node: AnyNode): boolean =>
  node.type === 'Identifier' ||
  (node.type === 'MemberExpression' && !node.computed && !node.optional && isName(node.object as AnyNode));

const isNothing = (node: AnyNode) =>
  (node.type === 'Literal' && node.value === null && node.raw === 'null') ||
  (node.type === 'Identifier' && node.name === 'undefined');

function markOperand(node: AnyNode & { type: 'UnaryExpression' }, mark: Mark): void {
  if (node.operator === '!') mark('test', node.argument);
  else if (/^[-+~]$/.test(node.operator)) mark('value', node.argument);
}

/** `a.b`, but not what runs a generator by hand (`a().next()`), nor what is constructed (`new a.b.C()`). */
function isTakenOf({ node, ancestors }: Visit): boolean {
  if (node.type !== 'MemberExpression' || node.computed) return false;
  const byHand = node.property.type === 'Identifier' && /^(?:next|return|throw)$/.test(node.property.name);
  const outside = ancestors.findLast(({ type }) => type !== 'MemberExpression');
  return !byHand && outside?.type !== 'NewExpression';
}
