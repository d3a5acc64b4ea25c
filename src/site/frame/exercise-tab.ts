/** Where the workbench follows the prose: a tab at the window's edge leads to it, and a button in its bar back to where one read. */

import { keepPlace, type Place } from './place.ts';

export class ExerciseTab {
  readonly #bench: HTMLElement;
  readonly #tab = document.createElement('button');
  readonly #back = document.createElement('button');
  #place: Place | undefined;

  constructor(bench: HTMLElement) {
    this.#bench = bench;
    Object.assign(this.#tab, { type: 'button', className: 'exercise-tab screen-only', textContent: 'Exercise' });
    // No exercise asks for the reader's own program.
    if (!bench.querySelector('[data-part=hint]')) this.#tab.textContent = 'Workbench';
    Object.assign(this.#back, {
      type: 'button',
      className: 'quiet back',
      hidden: true,
      title: 'Back to where you read',
    });
    this.#back.ariaLabel = this.#back.title;
    this.#back.innerHTML = '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M8 13V3M3.5 7.5 8 3l4.5 4.5"/></svg>';
    bench.before(this.#tab);
    bench.querySelector('.toolbar')?.prepend(this.#back);
    this.#listen();
  }

  #listen(): void {
    this.#tab.addEventListener('click', () => this.#go());
    this.#back.addEventListener('click', () => this.#return());
    // Other ways to the workbench are ways away from a place too. Before they lead there: in the capture phase.
    const isWay = (target: EventTarget | null) => target instanceof Element && target.closest('a[href="#workbench"]');
    document.addEventListener('click', ({ target }) => isWay(target) && this.#keep(), { capture: true });
    // The middle of the window decides: there one reads.
    const isThere = ({ isIntersecting }: IntersectionObserverEntry) => isIntersecting;
    const watch = new IntersectionObserver(
      (entries) => {
        this.#tab.hidden = entries.some(isThere);
      },
      { rootMargin: '-35% 0px' },
    );
    watch.observe(this.#bench);
  }

  #keep(): void {
    this.#place = keepPlace(this.#bench);
    this.#back.hidden = !this.#place;
  }

  #go(): void {
    this.#keep();
    this.#bench.scrollIntoView();
    this.#bench.focus({ preventScroll: true });
  }

  #return(): void {
    this.#place?.goBack();
    this.#back.hidden = true;
  }
}
