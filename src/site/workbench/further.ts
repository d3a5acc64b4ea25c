/** What can be done with a verdict: contest it, send it to somebody, tell a room of it, or run the same answer in other worlds. */

import { appealText } from '#grade/appeal';
import type { Variant } from '#grade/variants';
import type { Verdict } from '#grade/verdict';
import { copyText } from '../copy.ts';
import { fragmentOf } from '../share/link.ts';
import { html, type Markup } from '../stepper/html.ts';

export type Act = 'appeal' | 'share' | 'room' | 'copy' | Variant;

export interface FurtherBench {
  verdict(): Verdict | undefined;
  source(): string;
  variant(): Variant;
  runIn(variant: Variant): void;
}

/** Listens to the buttons with `data-do`, of the verdict and of the solution. */
export function listenFurther(root: HTMLElement, bench: FurtherBench): void {
  root.addEventListener('click', async ({ target }) => {
    const act = (target as Element).closest<HTMLElement>('[data-do]')?.dataset.do as Act | undefined;
    const place = root.querySelector<HTMLElement>('[data-part=further]');
    if (act === 'usual' || act === 'fresh' || act === 'harder') bench.runIn(act);
    else if (act && place) await acts[act](place, bench);
  });
}

const acts: Readonly<Record<Exclude<Act, Variant>, (place: HTMLElement, bench: FurtherBench) => unknown>> = {
  appeal(place, bench) {
    const verdict = bench.verdict();
    if (!verdict) return;
    const host = `browser: ${navigator.userAgent}`;
    const text = appealText({ source: bench.source(), verdict, variant: bench.variant(), host });
    show(
      place,
      html`<p><button type="button" class="quiet" data-do="copy">Copy it</button> <span role="status"></span></p>
      <label>Send this to whoever teaches or keeps the course; say first why you think so. <textarea readonly rows="12">${text}</textarea></label>`,
    );
  },

  async copy(place) {
    const text = place.querySelector('textarea');
    if (text)
      say(place, (await copyText(text.value)) ? 'Copied.' : 'It cannot be copied from here: mark it and copy it.');
  },

  async room(place, bench) {
    const verdictPlace = place.closest<HTMLElement>('.verdict');
    const { showRoomCode } = await import('../gauge/room-code.ts');
    if (verdictPlace) await showRoomCode(verdictPlace, bench);
  },

  async share(place, bench) {
    const schedule = bench.verdict()?.checks.find((check) => check.schedule !== undefined)?.schedule;
    const exercise = bench.verdict()?.exercise ?? '';
    const shared = { exercise, code: bench.source(), ...(schedule === undefined ? {} : { schedule }) };
    const link = `${location.origin}${location.pathname}${await fragmentOf(shared)}`;
    const isCopied = await copyText(link);
    const what = isCopied ? 'The link is copied.' : 'This is the link: mark it and copy it.';
    show(
      place,
      html`<label>${what} It holds your text; whoever opens it sees it as a draft apart from their own. <input readonly value="${link}" /></label>`,
    );
  },
};

function show(place: HTMLElement, markup: Markup): void {
  place.innerHTML = markup.text;
  place.focus();
  place.scrollIntoView({ block: 'nearest' });
}

function say(place: HTMLElement, text: string): void {
  const status = place.querySelector('[role=status]');
  if (status) status.textContent = text;
}
