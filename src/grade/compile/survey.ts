/** What one walk over the tree tells the other parts: names, and where a wrapped call would break a chain. */

import type { AnyNode, ChainExpression, Node } from 'acorn';
import { fullAncestor } from 'acorn-walk';
import type { Parsed } from './parse.ts';

/** Each node with its ancestors, the nearest last. */
export interface Visit {
  readonly node: AnyNode;
  readonly ancestors: readonly AnyNode[];
}

export interface Survey {
  readonly visits: readonly Visit[];
  /** Names that expressions mention. */
  readonly mentioned: ReadonlySet<string>;
  /** Names that the file declares, imports included. */
  readonly declared: ReadonlySet<string>;
  /** Calls inside a `?.` chain: wrapped one by one, they would cut its short circuit. */
  readonly insideChain: ReadonlySet<Node>;
}

export function survey({ program }: Parsed): Survey {
  const visits: Visit[] = [];
  const mentioned = new Set<string>();
  const declared = new Set<string>();
  const insideChain = new Set<Node>();
  fullAncestor(program, (node, _state, ancestors, type) => {
    visits.push({ node, ancestors: ancestors.slice(0, -1) });
    if (node.type === 'Identifier') {
      const declares = type === 'VariablePattern' && !isAssigned(ancestors.slice(0, -1), node);
      (declares ? declared : mentioned).add(node.name);
    }
    if (node.type === 'ChainExpression') for (const link of chainLinks(node)) insideChain.add(link);
    if (node.type === 'ImportDeclaration') for (const { local } of node.specifiers) declared.add(local.name);
    if (node.type === 'ExportNamedDeclaration' && !node.source) {
      for (const { local } of node.specifiers) if (local.type === 'Identifier') mentioned.add(local.name);
    }
  });
  return { visits, mentioned, declared, insideChain };
}

/** A pattern names what it declares, or what is assigned to. */
function isAssigned(ancestors: readonly AnyNode[], pattern: AnyNode): boolean {
  const parts = /^(?:ObjectPattern|ArrayPattern|AssignmentPattern|RestElement|Property)$/;
  const around = ancestors.findLast(({ type }) => !parts.test(type));
  if (around?.type === 'AssignmentExpression') return true;
  const isLoop = around?.type === 'ForOfStatement' || around?.type === 'ForInStatement';
  return isLoop && around.left.start <= pattern.start && pattern.end <= around.left.end;
}

/** The links of a chain from its last `?.` on: `a().b?.c().d()` has `….d()`, `….d`, `….c()`, `….c`; `a()` stands before it. */
function chainLinks(chain: ChainExpression): Node[] {
  const links: Node[] = [];
  let lastOptional = 0;
  let link: Node | undefined = chain.expression;
  while (link) {
    links.push(link);
    const { type, optional, callee, object } = link as Node & { optional?: boolean; callee?: Node; object?: Node };
    if (optional) lastOptional = links.length;
    link = type === 'CallExpression' ? callee : type === 'MemberExpression' ? object : undefined;
  }
  return links.slice(0, lastOptional);
}

/** Code that runs when it is called, not when the file is loaded. */
export function runsLater({ ancestors }: Visit): boolean {
  return ancestors.some(
    (each) => isFunction(each) || (each.type === 'PropertyDefinition' && !each.static) /* runs for each instance */,
  );
}

export const isFunction = (node: AnyNode) =>
  node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression';
