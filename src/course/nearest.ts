/** How many letters must be put in, taken out, exchanged or swapped with a neighbour to turn one word into the other. */
export function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const exchange = at(last, column - 1) + (same ? 0 : 1);
      const swap = swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY;
      current.push(Math.min(exchange, swap, at(last, column) + 1, at(current, column - 1) + 1));
    }
    beforeLast = last;
    last = current;
  }
  return at(last, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}

/**
 * Those of `known` that a person may have meant, the nearest first, three at most: what begins with the word or holds it
 * (people abbreviate), and what is a few slips away.
 */
export function nearest(word: string, known: readonly string[]): string[] {
  const wanted = word.toLowerCase();
  const distanceTo = (candidate: string) => {
    if (wanted.length >= 2 && candidate.startsWith(wanted)) return 0;
    if (wanted.length >= 3 && candidate.includes(wanted)) return 1;
    return editDistance(wanted, candidate);
  };
  return known
    .map((candidate) => ({ candidate, distance: distanceTo(candidate) }))
    .filter(({ candidate, distance }) => distance <= Math.max(2, candidate.length / 3))
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}
