/** Members that a file reads and does not make itself. */

import type { AnyNode } from 'acorn';
import type { Parsed } from './parse.ts';
import type { Survey } from './survey.ts';
import type { Unknown } from './unknown.ts';

/**
 * Each name once, at its first place. What the file writes as a key, a method, a type’s member or a text, or assigns as a member, is
 * its own.
 */
export function membersUsed({ source, problemAt }: Parsed, { visits }: Survey): Unknown[] {
  // Members whose names are worked out while it runs may have any.
  if (visits.some(({ node }) => isMadeByName(node))) return [];
  const own = new Set(ownNames(source));
  for (const { node } of visits) for (const name of namesMade(node)) own.add(name);
  const used = new Map<string, Unknown>();
  for (const { node, ancestors } of visits) {
    const isAskedFor = isTypeof(ancestors.at(-1));
    const name = isAskedFor ? undefined : nameRead(node);
    if (name === undefined || own.has(name) || used.has(name)) continue;
    const { message: _, ...at } = problemAt(node.type === 'MemberExpression' ? node.property : node, '');
    used.set(name, { name, at });
  }
  return [...used.values()];
}

/** `name:`, `name?:`, `name(`, 'name': what types declare is gone from the tree. */
function ownNames(source: string): string[] {
  const keys = source.matchAll(/(?<![.\w$])([A-Za-z_$][\w$]*)\??\s*[:(<]/g);
  const texts = source.matchAll(/(['"`])([A-Za-z_$][\w$]*)\1/g);
  return [...[...keys].map(([, name = '']) => name), ...[...texts].map(([, , name = '']) => name)];
}

function namesMade(node: AnyNode): string[] {
  const key = (of: AnyNode) => (of.type === 'Identifier' ? [of.name] : []);
  if (node.type === 'Property' || node.type === 'MethodDefinition' || node.type === 'PropertyDefinition')
    return key(node.key as AnyNode);
  const isMade = node.type === 'AssignmentExpression' && node.operator === '=' && node.left.type === 'MemberExpression';
  return isMade ? key((node.left as AnyNode & { type: 'MemberExpression' }).property as AnyNode) : [];
}

function isMadeByName(node: AnyNode): boolean {
  const hasKey = node.type === 'Property' || node.type === 'MethodDefinition' || node.type === 'PropertyDefinition';
  if (hasKey) return node.computed && node.key.type !== 'MemberExpression';
  if (node.type !== 'AssignmentExpression' || node.left.type !== 'MemberExpression') return false;
  return node.left.computed && node.left.property.type !== 'Literal';
}

const isTypeof = (parent: AnyNode | undefined) => parent?.type === 'UnaryExpression' && parent.operator === 'typeof';

function nameRead(node: AnyNode): string | undefined {
  if (node.type !== 'MemberExpression' || node.computed) return undefined;
  // Whether the host has something may be asked.
  if (node.object.type === 'Identifier' && node.object.name === 'globalThis') return undefined;
  return node.property.type === 'Identifier' ? node.property.name : undefined;
}
