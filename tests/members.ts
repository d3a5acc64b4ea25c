/** The names of all members that a submission can meet in what `#linux` and `#explore` export: what src/grade/compile/members.ts lists. */

import { join } from 'node:path';
import ts from 'typescript';
import { projectRoot } from '../src/course/node/course-files.ts';

/** Computed from the types, sorted. */
export function memberNames(): string[] {
  const roots = ['src/linux/index.ts', 'src/explore/index.ts'].map((file) => join(projectRoot, file));
  const { config } = ts.readConfigFile(join(projectRoot, 'src/tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, join(projectRoot, 'src'));
  const program = ts.createProgram(roots, options);
  const checker = program.getTypeChecker();
  const names = new Set<string>();
  const seen = new Set<ts.Type>();
  const isOurs = (symbol: ts.Symbol) =>
    symbol.declarations?.some((each) => each.getSourceFile().fileName.startsWith(join(projectRoot, 'src'))) ?? false;
  const visit = (type: ts.Type): void => {
    if (seen.has(type)) return;
    seen.add(type);
    for (const part of type.isUnionOrIntersection() ? type.types : []) visit(part);
    for (const argument of checker.getTypeArguments(type as ts.TypeReference)) visit(argument);
    for (const alias of type.aliasTypeArguments ?? []) visit(alias);
    for (const property of checker.getPropertiesOfType(type).filter(isOurs)) {
      if (/^[A-Za-z_$]\w*$/.test(property.name)) names.add(property.name);
      visit(checker.getTypeOfSymbol(property));
    }
    for (const signature of [...type.getCallSignatures(), ...type.getConstructSignatures()]) {
      visit(signature.getReturnType());
      for (const parameter of signature.getParameters()) visit(checker.getTypeOfSymbol(parameter));
    }
    const constraint = checker.getBaseConstraintOfType(type);
    if (constraint) visit(constraint);
  };
  for (const root of roots) {
    const module = checker.getSymbolAtLocation(program.getSourceFile(root) as ts.SourceFile);
    for (const symbol of module ? checker.getExportsOfModule(module) : []) {
      const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      if (target.flags & ts.SymbolFlags.Value) visit(checker.getTypeOfSymbol(target));
      if (target.flags & ts.SymbolFlags.Type) visit(checker.getDeclaredTypeOfSymbol(target));
    }
  }
  return [...names].sort();
}
