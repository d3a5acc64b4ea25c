/** The window that the instructor sees: the clock, and what comes next. */

import { type Clock, elapsed, endOf, isOver, standingText, timeText, toggled, unstarted } from './clock.ts';
import type { Phase } from './cut.ts';
import { behind, dayText, minuteOfDay, type Planned } from './day.ts';
import { keepPlan } from './kept-plan.ts';
import { handOn } from './plan-address.ts';
import { Presentation } from './presentation.ts';
import { tellText } from './tell-text.ts';

const partOf = (name: string): HTMLElement | null => document.querySelector(`[data-part=${name}]`);

handOn();
const kept = keepPlan();
if (kept) tellText('total', String(endOf(kept.minutes, 'debrief')));
tellIfAny('complaint', kept?.complaint ?? '');

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
  if (!kept) return;
  tellText('standing', standingText(kept.minutes, phase, time));
  partOf('standing')?.toggleAttribute('data-over', isOver(kept.minutes, phase, time));
  if (kept.planned) tellDay(kept.planned, phase, time);
  for (const part of document.querySelectorAll<HTMLElement>('[data-plan]'))
    part.toggleAttribute('data-now', part.dataset.plan === phase);
}

function tellDay(planned: Planned, phase: Phase, time: number): void {
  const now = minuteOfDay(new Date());
  tellIfAny('day', dayText(planned, phase, time, now));
  partOf('day')?.toggleAttribute('data-over', behind(planned, phase, time, now) >= 1);
}

/** A part that takes no room while it has nothing to say. */
function tellIfAny(part: string, text: string): void {
  tellText(part, text);
  partOf(part)?.toggleAttribute('hidden', text === '');
}
