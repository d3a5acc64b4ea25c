/** Some pages of a place, or all of them. */

import type { WorldDescription } from '../description.ts';
import { pagesAt, placesOf } from '../places.ts';
import { known, range, refuse, show } from '../words.ts';

/** All pages, unless given. */
export interface PageRange {
  /** From this one on; from the first unless given. */
  readonly first?: number;
  /** So many; up to the end unless given. */
  readonly pages?: number;
}

/** The place of that name. Refuses one that is not there. */
export const knownPlace = (name: string, where: string, world: WorldDescription) =>
  known(name, placesOf(world), where, 'vma');

/** Refuses a place that is not there, and a page that it does not have. */
export function checkPage(
  { vma, page }: { readonly vma: string; readonly page: number },
  where: string,
  world: WorldDescription,
): void {
  knownPlace(vma, where, world);
  const pages = pagesAt(world, vma);
  if (!Number.isInteger(page) || page < 0 || page >= pages)
    refuse(`${where}: ${vma} has no page ${show(page)}; its pages are ${range(pages)}`);
}

/** Refuses a new place for what stands at `vma` that is none, or that something else has taken. */
export function checkNewPlace(vma: string, to: string, where: string, world: WorldDescription): void {
  const { process } = knownPlace(vma, where, world);
  if (typeof to !== 'string' || !/^(\w+\.)?[A-Za-z_]\w*$/.test(to))
    refuse(`${where}: the new place is ${show(to)}: give it a name of letters, digits and _, such as 'w'`);
  const there = placesOf(world)[to];
  if (to === vma || there?.process !== process || pagesAt(world, to) !== pagesAt(world, vma))
    refuse(`${where}: ${vma} cannot come to stand at ${to}: give the new place a name of its own`);
}

/** Refuses pages that the place does not have, and what tells of no pages. */
export function checkRange(deed: PageRange & { readonly vma: string }, where: string, world: WorldDescription): void {
  const { vma, first = 0, pages } = deed;
  knownPlace(vma, where, world);
  const unknown = Object.keys(deed).find((key) => !['kind', 'vma', 'rights', 'first', 'pages'].includes(key));
  if (unknown !== undefined) refuse(`${where}: there is no "${unknown}": give first, pages, or both`);
  const all = pagesAt(world, vma);
  if (!Number.isInteger(first) || first < 0 || first >= all)
    refuse(`${where}: first is ${show(first)}; the pages of ${vma} are ${range(all)}`);
  const most = all - first;
  if (pages !== undefined && (!Number.isInteger(pages) || pages < 1 || pages > most))
    refuse(`${where}: pages is ${show(pages)}; from page ${first} on, ${vma} has ${most}`);
}

/** Whether it leaves out some page of the place. */
export const isPart = (vma: string, { first = 0, pages }: PageRange, world: WorldDescription): boolean =>
  first > 0 || (pages !== undefined && pages < pagesAt(world, vma));

/** As programs and messages name it: `v`, or `v[1]`, or `v[1..2]`. */
export function describeRange(vma: string, { first, pages }: PageRange): string {
  if (first === undefined && pages === undefined) return vma;
  const from = first ?? 0;
  if (pages === 1) return `${vma}[${from}]`;
  return `${vma}[${from}..${pages === undefined ? '' : from + pages - 1}]`;
}
