/** Imports and exports of a submission, as what a function takes and returns. */

import type {
  ExportDefaultDeclaration,
  ExportNamedDeclaration,
  Identifier,
  ImportDeclaration,
  Literal,
  Node,
} from 'acorn';
import type MagicString from 'magic-string';
import type { Parsed, Problem } from './parse.ts';
import { namesIn } from './refuse.ts';
import type { Survey } from './survey.ts';

/** A name that the submission takes from a module. */
export interface Import {
  readonly from: string;
  readonly name: string;
  /** Where it is taken, for the message if the module has no such name. */
  readonly at: Omit<Problem, 'message'>;
}

export interface Linked {
  readonly imports: readonly Import[];
  readonly exports: readonly string[];
}

interface Links {
  readonly out: MagicString;
  readonly parsed: Parsed;
  readonly survey: Survey;
  readonly imports: Import[];
  /** Statements in front of the first line: imports are there before any code. */
  readonly first: string[];
  /** Exported name to the expression that gives it. */
  readonly exported: Map<string, string>;
  /** What is frozen once the file has run: every top-level binding. */
  readonly frozen: string[];
}

/** Replaces imports and exports in `out`, so that it is a function's body that returns the exports. */
export function link(out: MagicString, parsed: Parsed, survey: Survey): Linked {
  const links: Links = { out, parsed, survey, imports: [], first: ["'use strict';"], exported: new Map(), frozen: [] };
  for (const node of parsed.program.body) {
    if (node.type === 'ImportDeclaration') linkImport(links, node);
    else if (node.type === 'ExportNamedDeclaration') linkExport(links, node);
    else if (node.type === 'ExportDefaultDeclaration') linkDefault(links, node);
    else freezeLater(links, node);
  }
  const exports = [...links.exported].map(([name, value]) => `${JSON.stringify(name)}: ${value}`);
  out.prepend(`${links.first.join(' ')} `);
  out.append(`\n${links.frozen.join(' ')} return { ${['__proto__: null', ...exports].join(', ')} };`);
  return { imports: links.imports, exports: [...links.exported.keys()] };
}

function linkImport(links: Links, node: ImportDeclaration): void {
  const from = String(node.source.value);
  const bound: string[] = [];
  for (const specifier of node.specifiers) {
    const local = specifier.local.name;
    if (specifier.type === 'ImportNamespaceSpecifier') links.first.push(`const ${local} = ${requireOf(from)};`);
    if (specifier.type !== 'ImportSpecifier' || !links.survey.mentioned.has(local)) continue; // a type, or unused
    const name = textOf(specifier.imported);
    bound.push(`${JSON.stringify(name)}: ${local}`);
    links.imports.push(importOf(links, from, name, specifier));
  }
  if (bound.length) links.first.push(`const { ${bound.join(', ')} } = ${requireOf(from)};`);
  blank(links, node.start, node.end);
}

function linkExport(links: Links, node: ExportNamedDeclaration): void {
  if (node.declaration) {
    blank(links, node.start, node.start + 'export'.length);
    freezeLater(links, node.declaration);
    for (const name of namesOf(node.declaration)) links.exported.set(name, name);
    return;
  }
  const from = node.source ? String(node.source.value) : undefined;
  for (const specifier of node.specifiers) {
    const local = textOf(specifier.local);
    links.exported.set(textOf(specifier.exported), from ? `${requireOf(from)}[${JSON.stringify(local)}]` : local);
    if (from) links.imports.push(importOf(links, from, local, specifier));
  }
  blank(links, node.start, node.end);
}

function linkDefault(links: Links, node: ExportDefaultDeclaration): void {
  const { declaration } = node;
  const name = namesOf(declaration)[0] ?? '__default';
  const keywords = /export(?:\s|\/\*[\s\S]*?\*\/|\/\/.*)+default/y;
  keywords.lastIndex = node.start;
  keywords.test(links.parsed.code);
  const isNamed = name !== '__default';
  blank(links, node.start, keywords.lastIndex, isNamed ? '' : 'const __default =');
  if (!isNamed && declaration.type.endsWith('Declaration')) links.out.appendLeft(declaration.end, ';');
  links.exported.set('default', name);
  links.frozen.push(freezeOf(node, name, 'default'));
}

function freezeLater(links: Links, node: Node): void {
  for (const name of namesOf(node)) links.frozen.push(freezeOf(node, name));
}

/** The names that a top-level statement declares. */
function namesOf(node: Node): string[] {
  const declaration = node as Parsed['program']['body'][number];
  if (declaration.type === 'VariableDeclaration') return declaration.declarations.flatMap(({ id }) => namesIn(id));
  const hasName = declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration';
  return hasName && declaration.id ? [declaration.id.name] : [];
}

const requireOf = (from: string) => `__require(${JSON.stringify(from)})`;

const textOf = (name: Identifier | Literal) => (name.type === 'Identifier' ? name.name : String(name.value));

function importOf({ parsed }: Links, from: string, name: string, place: Node): Import {
  const { message: _, ...at } = parsed.problemAt(place, '');
  return { from, name, at };
}

const freezeOf = (node: Node, name: string, shown = name) =>
  `__freeze(${node.loc?.start.line}, ${JSON.stringify(shown)}, ${name});`;

/** Takes text away and keeps its lines; the semicolon ends a statement that had none. */
function blank({ out, parsed }: Links, start: number, end: number, instead = ''): void {
  out.update(start, end, `;${instead}${parsed.code.slice(start, end).replace(/[^\n]+/g, '')}`);
}
