/** The miniature as markup: the same in the build, which shows its beginning, and in the page. */

import { html, type Markup } from '../stepper/html.ts';
import { type Cpu, cpus, type Extent, type Moment, type Row } from './moves.ts';

/** No game takes more moves: so many rows have their place from the beginning. */
export const longest = 4;

export const rowsMarkup = ({ rows }: Moment): Markup =>
  html`${Array.from({ length: longest }, (_, at) => rowMarkup(rows[at], at))}`;

const rowMarkup = (row: Row | undefined, at: number): Markup =>
  html`<tr><th scope="row">${at + 1}</th>${cpus.map((cpu) => cellMarkup(cpu, row))}</tr>`;

function cellMarkup(cpu: Cpu, row: Row | undefined): Markup {
  if (row?.cpu !== cpu) return html`<td data-cpu="${cpu}"></td>`;
  const bug = row.isBug && html`: <code>BUG_ON</code>`;
  return html`<td data-cpu="${cpu}" class="step${row.isBug && ' bug'}">${row.does}${bug}</td>`;
}

/** What a CPU can do next, or else why it does nothing. */
export function choicesMarkup({ choices }: Moment, cpu: Cpu): Markup {
  if (choices[cpu].length === 0) return html`<p>${cpu} has returned</p>`;
  const label = (extent: Extent) => (extent === 'look' ? 'only looks' : 'runs to its end');
  return html`${choices[cpu].map(
    (extent) => html`<button type="button" data-cpu="${cpu}" data-extent="${extent}">${cpu} ${label(extent)}</button>`,
  )}`;
}

export const entriesMarkup = ({ entries, crash }: Moment): Markup =>
  html`${entries.map(
    (filler, page) =>
      html`<li${filler && html` data-cpu="${filler}"`}${crash && page === 0 && html` class="met"`}><span class="index">${page}</span> ${
        filler ? html`<span class="visually-hidden">filled by </span>${filler}` : 'empty'
      }</li>`,
  )}`;

export const isOver = ({ choices }: Moment): boolean => cpus.every((cpu) => choices[cpu].length === 0);

/** What has happened, once nothing more can. */
export function endMarkup({ crash, rows }: Moment): Markup {
  const last = rows.at(-1)?.cpu;
  const [first] = cpus.filter((cpu) => cpu !== last);
  if (!crash)
    return html`<p><strong>No crash this time.</strong> ${first} had filled the entries before ${last} looked. Start over, and let one CPU only look before the other runs.</p>`;
  return html`<pre translate="no"><code>${crash.headline}
${crash.at}</code></pre>
<p><strong>You made two CPUs crash.</strong> Both looked while the entries were empty. ${first} filled them. ${last} trusts its look, and stops the kernel at a full one.</p>`;
}

/** The latest move, for the ear. */
export function spokenText({ rows, crash }: Moment): string {
  const row = rows.at(-1);
  return row ? `CPU ${row.cpu} ${row.does}${crash ? ': BUG_ON' : ''}.` : 'Nobody has moved yet.';
}
