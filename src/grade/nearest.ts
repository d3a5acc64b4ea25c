/** The name that was probably meant: the one with the fewest edits, if they are few for its length. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(name.length / 3));
  const ranked = names.map((each) => ({ each, edits: edits(name, each) })).filter(({ edits }) => edits <= limit);
  return ranked.sort((a, b) => a.edits - b.edits || (a.each < b.each ? -1 : 1))[0]?.each;
}

/** How many letters must be added, dropped or replaced (Levenshtein). */
function edits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (letter === to[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
