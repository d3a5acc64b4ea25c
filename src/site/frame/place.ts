/** Where one reads in the prose: to come back to it, whatever has become higher or lower meanwhile. */

export interface Place {
  /** Brings what stood at the top back to where it stood, and the focus to it. */
  goBack(): void;
}

/** undefined where nothing of the prose is in sight but the workbench. */
export function keepPlace(bench: HTMLElement): Place | undefined {
  const bar = document.querySelector('header.site')?.getBoundingClientRect().bottom ?? 0;
  const read = [
    ...document.querySelectorAll<HTMLElement>('main header, .prose > :not(.bench, .screen-only), .neighbours'),
  ];
  const first = read.find((part) => part.getBoundingClientRect().bottom > bar && part.checkVisibility());
  if (!first || standsIn(bench, bar)) return undefined;
  const { top } = first.getBoundingClientRect();
  return {
    goBack() {
      scrollBy(0, first.getBoundingClientRect().top - top);
      focusOnce(first);
    },
  };
}

function standsIn(bench: HTMLElement, bar: number): boolean {
  const { top, bottom } = bench.getBoundingClientRect();
  return top <= bar + 1 && bottom > bar;
}

/** So that Tab goes on from there. */
function focusOnce(element: HTMLElement): void {
  const had = element.getAttribute('tabindex');
  if (had === null) {
    element.tabIndex = -1;
    element.addEventListener('blur', () => element.removeAttribute('tabindex'), { once: true });
  }
  element.focus({ preventScroll: true });
}
