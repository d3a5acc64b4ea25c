import type { Exploration } from '#explore';

/** The rule that is broken, or else the kind of violation; `holds` if there is none. */
export function kindIn({ violation }: Exploration): string {
  if (!violation) return 'holds';
  const isRule = violation.kind === 'check' || violation.kind === 'invariant';
  return isRule ? (violation.message.split(': ', 1)[0] ?? violation.kind) : violation.kind;
}
