import { widthOf } from '../prose.ts';

/** Lines, the first behind its mark and the others as far in. */
export function hanging(first: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => (index === 0 ? first : ' '.repeat(widthOf(first))) + line);
}
