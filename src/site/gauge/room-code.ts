/** Below a verdict: what of it a room is told, as a code to read out and as a picture for a camera. It follows the verdicts. */

import encodeQR from 'qr';
import { codeOf } from '#course/gauge/code';
import type { Gauged } from '#course/gauge/gauged';
import { reportOf } from '#course/gauge/report';
import { toldBy } from '#course/gauge/words';
import type { Verdict } from '#grade/verdict';
import { adopt } from '../adopt.ts';
import { copyText } from '../copy.ts';
import { html, Markup } from '../stepper/html.ts';
import type { FurtherBench } from '../workbench/further.ts';
import { codeInText } from '../workbench/markdown.ts';
import { gaugedCourse } from './gauged.ts';
import styles from './room-code.css?inline';
import { whoIn } from './who.ts';

type RoomBench = Pick<FurtherBench, 'verdict' | 'variant'>;

/** Shows the code below the verdict, from now on after each; where it is shown already, goes there. */
export async function showRoomCode(verdictPlace: HTMLElement, bench: RoomBench): Promise<void> {
  const shown = verdictPlace.parentElement?.querySelector<HTMLElement>('.room-code');
  const place = shown ?? placeAfter(verdictPlace, bench);
  await draw(place, bench);
  place.focus();
  place.scrollIntoView({ block: 'nearest' });
}

function placeAfter(verdictPlace: HTMLElement, bench: RoomBench): HTMLElement {
  adopt(styles);
  const place = document.createElement('section');
  place.className = 'room-code';
  place.tabIndex = -1;
  place.setAttribute('aria-label', 'Code for the room');
  verdictPlace.after(place);
  const follow = () => void draw(place, bench);
  verdictPlace.addEventListener('fault-verdict', follow);
  place.addEventListener('click', async ({ target }) => {
    const act = (target as Element).closest('button')?.dataset.act;
    if (act === 'copy') await copy(place);
    if (act !== 'close') return;
    verdictPlace.removeEventListener('fault-verdict', follow);
    place.remove();
    verdictPlace.querySelector<HTMLElement>('[data-do=room]')?.focus();
  });
  return place;
}

async function draw(place: HTMLElement, bench: RoomBench): Promise<void> {
  const verdict = bench.verdict();
  // The harder worlds are beyond what a room is asked.
  if (!verdict || bench.variant() === 'harder') return;
  try {
    const gauged = (await gaugedCourse()).find(({ id }) => id === verdict.exercise);
    if (!gauged) throw new Error('the page is of another version of the course: reload it');
    place.innerHTML = codeMarkup(verdict, gauged).text;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    place.innerHTML = html`<p>There is no code: ${why}. The next run tries again.</p>`.text;
  }
}

function codeMarkup(verdict: Verdict, gauged: Gauged): Markup {
  const report = reportOf(verdict, gauged, whoIn(gauged.id));
  const code = codeOf(report, gauged);
  // The library's own markup; without dashes it takes fewer dots.
  const picture = new Markup(encodeQR(code.replaceAll('-', ''), 'svg', { border: 4 }));
  return html`<h4 class="label">Code for the room</h4>
    <div class="picture" role="img" aria-label="The same code, for a camera">${picture}</div>
    <p class="code" translate="no">${code}</p>
    <p>It says: ${codeInText(toldBy(report, gauged))} No name is in it, and nothing of what you wrote. Read it out, or hold the picture to the camera of whoever leads the room. The next run makes another.</p>
    <p><button type="button" class="quiet" data-act="copy">Copy it</button> <button type="button" class="quiet" data-act="close">Close</button> <span role="status"></span></p>`;
}

async function copy(place: HTMLElement): Promise<void> {
  const isCopied = await copyText(place.querySelector('.code')?.textContent ?? '');
  const status = place.querySelector('[role=status]');
  if (status) status.textContent = isCopied ? 'Copied.' : 'It cannot be copied from here: mark it and copy it.';
}
