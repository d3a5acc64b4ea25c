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

  /** Whoever has begun need not start again: the furthest lesson, or the one behind it; at the end, the first that is left. */
  #offerNext(): void {
    const start = document.querySelector<HTMLAnchorElement>('#start');
    const lessons = [...this.querySelectorAll<HTMLElement>('[data-lesson]')];
    const furthest = lessons.findLastIndex(({ dataset }) => dataset.status);
    const left = (lesson: HTMLElement) => lesson.dataset.status === undefined || lesson.dataset.status === 'started';
    const next = lessons.slice(Math.max(furthest, 0)).find(left) ?? lessons.find(left);
    const link = next?.querySelector('a');
    if (!start || !link || furthest < 0) return;
    start.href = link.href;
    start.textContent = `Go on: ${link.textContent}`;
  }
}

customElements.define('course-outline', CourseOutline);
