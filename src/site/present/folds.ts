/** What is unfolded on a slide, for the other window to show the same. A fold goes by the line that it is opened with. */

/** Not those of a page table, which is drawn anew at each step. */
const foldsOn = (slide: Element | undefined): HTMLDetailsElement[] => [
  ...(slide?.querySelectorAll<HTMLDetailsElement>('details:not(.branch)') ?? []),
];
const nameOf = (fold: Element): string => fold.querySelector('summary')?.textContent ?? '';

/** Their names, one a line. */
export const openFolds = (slide: Element | undefined): string =>
  foldsOn(slide)
    .filter(({ open }) => open)
    .map(nameOf)
    .join('\n');

export function unfold(slide: Element | undefined, names: string): void {
  const open = names.split('\n');
  for (const fold of foldsOn(slide)) fold.open = open.includes(nameOf(fold));
}
