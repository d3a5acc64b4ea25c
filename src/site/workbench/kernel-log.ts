/** What Linux would have printed of an interleaving: for people who will meet the real thing in a log. */

import type { Trace } from '#explore';
import { kernelReport } from '#linux/report';
import { html, type Markup } from '../stepper/html.ts';

/** The kernel's report, closed at first, and below it what no kernel says; nothing where a kernel would notice nothing. */
export function kernelLogMarkup(trace: Trace): Markup | undefined {
  const report = kernelReport(trace);
  if (!report) return undefined;
  return html`<details class="kernel-log"><summary>What ${report.source} would print</summary>
    <pre tabindex="0" role="group" aria-label="Kernel log"><code>${report.lines.join('\n')}</code></pre>
    ${report.remarks.map((remark) => html`<p>${remark}</p>`)}</details>`;
}
