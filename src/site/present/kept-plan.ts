/** Of the plans that the notes' page holds, the one that its address asks for. */

import { isTime, timeAt } from '../workshop/clock.ts';
import type { Plan } from './clock.ts';
import type { Planned } from './day.ts';
import { askedIn, complaintOf } from './plan-address.ts';

export interface Kept {
  readonly minutes: Plan;
  /** In a track that starts at a time of day. */
  readonly planned?: Planned;
  /** What of the address is ignored, and why; empty if nothing is. */
  readonly complaint: string;
}

/** Shows it in place of the lesson's own, with its times by the clock if it has a start. Undefined where the lesson has no notes. */
export function keepPlan(): Kept | undefined {
  const asked = askedIn(location.search);
  const plans = [...document.querySelectorAll<HTMLElement>('.keeps')];
  const inTrack = plans.find(({ dataset }) => dataset.track !== '' && dataset.track === asked.track);
  const kept = inTrack ?? plans.find(({ dataset }) => dataset.track === '');
  if (!kept) return undefined;
  for (const plan of plans) plan.hidden = plan !== kept;
  const minutes = JSON.parse(kept.dataset.minutes ?? '') as Plan;
  const complaint = complaintOf(asked, inTrack !== undefined);
  if (!inTrack || asked.start === undefined || !isTime(asked.start)) return { minutes, complaint };
  tellTimes(kept, asked.start);
  return { minutes, complaint, planned: { minutes, begin: Number(kept.dataset.begin), start: asked.start } };
}

function tellTimes(plan: HTMLElement, start: string): void {
  const at = (minute: string | undefined) => timeAt(Number(minute), start);
  for (const times of plan.querySelectorAll<HTMLElement>('[data-from]')) {
    const { from, to } = times.dataset;
    times.textContent = to === undefined ? `at ${at(from)}` : `${at(from)} to ${at(to)}`;
  }
}
