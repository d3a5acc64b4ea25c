import type { ExerciseProgress, Progress } from '#course/progress';
import { lessonToGoOnWith, loadProgress } from '../progress-store.ts';

const words: Readonly<Record<ExerciseProgress['status'], string>> = {
  started: 'Started',
  passed: '✓ Passed',
  'given-up': 'Solution seen',
};

/** <course-outline>: says beside each lesson where the reader is, and leads to the one to go on with. */
class CourseOutline extends HTMLElement {
  connectedCallback(): void {
    const progress = loadProgress();
    for (const lesson of this.querySelectorAll<HTMLElement>('[data-lesson]')) {
      const status = progress.exercises[lesson.dataset.lesson ?? '']?.status;
      const place = lesson.querySelector('.status');
      if (!status || !place) continue;
      lesson.dataset.status = status;
      place.textContent = words[status];
    }
    this.#offerNext(progress);
  }

  /** Whoever has begun need not start again. */
  #offerNext(progress: Progress): void {
    const start = document.querySelector<HTMLAnchorElement>('#start');
    const lessons = [...this.querySelectorAll<HTMLElement>('[data-lesson]')];
    const ids = lessons.map(({ dataset }) => dataset.lesson ?? '');
    const at = ids.indexOf(lessonToGoOnWith(ids, progress) ?? '');
    const link = lessons[at]?.querySelector('a');
    if (!start || !link) return;
    start.href = link.href;
    // As long as what stood there: nothing beside it moves.
    start.textContent = `Go on with lesson ${at + 1}`;
  }
}

customElements.define('course-outline', CourseOutline);
