/** The interleaving that a link points at, where the verdict shows another one or none. */

import type { Replayed } from '#grade/protocol';
import { html } from '../stepper/html.ts';
import type { FaultStepper } from '../stepper/stepper.ts';

/** Draws it at the end of `place`: what was replayed, or the words why it could not be. */
export function showInterleaving(place: HTMLElement, replayed: Replayed | string): void {
  const section = document.createElement('section');
  section.className = 'by-link stage';
  section.innerHTML = html`<h4 class="label">The interleaving of the link</h4>
    ${typeof replayed === 'string' ? html`<p>It cannot be replayed: ${replayed}</p>` : stepperMarkup(replayed)}`.text;
  place.append(section);
  if (typeof replayed === 'string') return;
  section.querySelector<FaultStepper>('fault-stepper')?.show(replayed.trace, 'The interleaving of the link', 'new');
}

const stepperMarkup = ({ sameCode, trace }: Replayed) =>
  html`${!sameCode && html`<p>It was made for other code: its steps may mean something else here.</p>`}
    <fault-stepper></fault-stepper><p class="schedule">${trace.steps.length} steps: <code>${trace.schedule}</code></p>`;
