import type { ExerciseProgress } from '#course/progress';
import { loadProgress } from '../progress-store.ts';

const words: Readonly<Record<ExerciseProgress['status'], string>> = {
  started: 'Started',
  passed: '✓ Passed',
  'given-up': 'Solution seen',
};

/** <course-outline>: says beside each lesson where the reader is, and leads to the one to go on with. */
class CourseOutline extends HTMLElement {
  connectedCallback(): void {
    const { exercises } = loadProgress();
    for (const lesson of this.querySelectorAll<HTMLElement>('[data-lesson]')) {
      const status = exercises[lesson.dataset.lesson ?? '']?.status;
      const place = lesson.querySelector('.status');
      if (!status || !place) continue;
      lesson.dataset.status = status;
      place.textContent = words[status];
    }
    this.#offerNext();
  }

  /** Whoever has begun need not start again. */
  #offerNext(): void {
    const start = document.querySelector<HTMLAnchorElement>('#start');
    const next = this.querySelector<HTMLElement>('[data-lesson]:not([data-status=passed], [data-status=given-up])');
    const link = next?.querySelector('a');
    if (!start || !link || !this.querySelector('[data-status]')) return;
    start.href = link.href;
    start.textContent = `Go on: ${link.textContent}`;
  }
}

customElements.define('course-outline', CourseOutline);
