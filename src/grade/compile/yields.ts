/** `yield*` binds looser than almost every operator, and C has no operator that does: what it takes is not what a newcomer meant. */

import type { AnyNode, Node } from 'acorn';
import type { Parsed } from './parse.ts';
import type { Visit } from './survey.ts';

/** `yield* get(x) === 3` runs `get(x) === 3`, which is no operation. With brackets, one or the other, it is said what is meant. */
export function refuseBareOperand(node: AnyNode, _visit: Visit, { code }: Parsed): string | undefined {
  if (node.type !== 'YieldExpression' || !node.delegate || !node.argument) return undefined;
  const { argument } = node;
  if (!firstOperand(argument) || opensBracket(code.slice(node.start, argument.start))) return undefined;
  const meant = meantCall(argument, code);
  const [taken, before, call, after] = [
    code.slice(argument.start, argument.end),
    code.slice(argument.start, meant.start),
    code.slice(meant.start, meant.end),
    code.slice(meant.end, argument.end),
  ].map((text) => text.replace(/\s+/g, ' '));
  return `\`yield*\` takes all that follows: this is read as \`yield* (${taken})\`. Write \`${before}(yield* ${call})${after}\`.`;
}

/** The operand that stands first (of an assignment: its value); undefined for what is no operator. */
function firstOperand(node: AnyNode): AnyNode | undefined {
  switch (node.type) {
    case 'BinaryExpression':
    case 'LogicalExpression':
      return node.left as AnyNode;
    case 'ConditionalExpression':
      return node.test;
    case 'UnaryExpression':
      return node.argument;
    case 'AssignmentExpression':
      return node.right;
    default:
      return undefined;
  }
}

/** What `yield*` was meant for: the first operand of all, with the brackets that it has. */
function meantCall(node: AnyNode, code: string): Pick<Node, 'start' | 'end'> {
  const operand = firstOperand(node);
  if (!operand) return node;
  if (!opensBracket(code.slice(node.start, operand.start))) return meantCall(operand, code);
  const closing = /^(?:\s*\))+/.exec(code.slice(operand.end))?.[0].length ?? 0;
  return { start: code.indexOf('(', node.start), end: operand.end + closing };
}

/** Brackets are not in the tree: they are what stands between it and what is in front of it. */
const opensBracket = (between: string) => between.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '').includes('(');
