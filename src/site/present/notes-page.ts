/** The window that the instructor sees: the clock, and what comes next. */

import { type Clock, elapsed, isOver, type Plan, standingText, timeText, toggled, unstarted } from './clock.ts';
import type { Phase } from './cut.ts';
import { Presentation } from './presentation.ts';
import { tellText } from './tell-text.ts';

const partOf = (name: string): HTMLElement | null => document.querySelector(`[data-part=${name}]`);

const plan = JSON.parse(partOf('plan')?.dataset.minutes ?? 'null') as Plan | null;

const presentation = new Presentation(({ clock, isBlank }, { slides, at }) => {
  tellText('next', openingOf(slides[at + 1]));
  tellText('blanked', isBlank ? '· blank' : '');
  tellClock(clock, slides[at]?.dataset.phase as Phase);
});

setInterval(() => {
  const { shown, deck } = presentation;
  tellClock(shown.clock, deck.slide?.dataset.phase as Phase);
}, 250);

partOf('toggle')?.addEventListener('click', () => {
  presentation.set({ clock: toggled(presentation.shown.clock, Date.now()) });
});
partOf('reset')?.addEventListener('click', () => presentation.set({ clock: unstarted }));

/** A slide's heading, and the first that is said on it. */
function openingOf(slide: HTMLElement | undefined): string {
  if (!slide) return 'The end of the lesson.';
  const first = slide.querySelector('.prose > p, .question, fault-scheduler h3, figcaption, li, .where, th');
  return [slide.querySelector('h2'), first].flatMap((each) => each?.textContent?.trim() ?? []).join(' · ');
}

function tellClock(clock: Clock, phase: Phase): void {
  const time = elapsed(clock, Date.now());
  tellText('time', timeText(time));
  tellText('toggle', clock.since === undefined ? 'Start' : 'Pause');
  if (!plan) return;
  tellText('standing', standingText(plan, phase, time));
  partOf('standing')?.toggleAttribute('data-over', isOver(plan, phase, time));
  for (const part of document.querySelectorAll<HTMLElement>('[data-plan]'))
    part.toggleAttribute('data-now', part.dataset.plan === phase);
}
