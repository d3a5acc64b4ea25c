/** Names that a file uses and nobody declares. */

import type { AnyNode } from 'acorn';
import { languageGlobals } from '../harden.ts';
import type { Parsed, Problem } from './parse.ts';
import type { Survey, Visit } from './survey.ts';

export interface Unknown {
  readonly name: string;
  /** Where it is used first. */
  readonly at: Omit<Problem, 'message'>;
}

/**
 * Each name once, at its first place. Scopes are not looked at: a name that is declared in one function and used in another is
 * found when it is used.
 */
export function unknownNames(parsed: Parsed, { visits, declared }: Survey): Unknown[] {
  const known = new Set([...languageGlobals, ...declared, 'arguments']);
  const unknown = new Map<string, Unknown>();
  for (const visit of visits) {
    const name = nameUsed(visit);
    if (name === undefined || known.has(name)) continue;
    known.add(name);
    const { message: _, ...at } = parsed.problemAt(visit.node, '');
    unknown.set(name, { name, at });
  }
  return [...unknown.values()].sort((a, b) => a.at.line - b.at.line || (a.at.column ?? 0) - (b.at.column ?? 0));
}

/** `typeof name` asks whether there is one. */
function nameUsed({ node, ancestors }: Visit): string | undefined {
  return node.type === 'Identifier' && !isAskedFor(ancestors.at(-1)) ? node.name : undefined;
}

const isAskedFor = (parent: AnyNode | undefined) => parent?.type === 'UnaryExpression' && parent.operator === 'typeof';
