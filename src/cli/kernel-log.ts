/** What Linux would have printed of an interleaving, below it: for people who will meet the real thing in a log. */

import type { Trace } from '#explore';
import { kernelReport } from '#linux/report';
import { type Look, paint } from './look.ts';
import { indent, widthOf, wrap } from './prose.ts';

const MARGIN = 4;
// A line that does not fit goes on so much further in.
const HANG = 4;

/** The kernel's report, headed by whose it is, and below it what no kernel says; nothing where a kernel would notice nothing. */
export function kernelLogLines(look: Look, trace: Trace): string[] {
  const report = kernelReport(trace);
  if (!report) return [];
  const room = look.width - MARGIN;
  const told = (text: string) => wrap(text, room);
  const lines = [
    ...told(`What ${report.source} would print:`).map((line) => paint(look, 'bold', line)),
    '',
    ...report.lines.flatMap((line) => logLine(line, room)).map((line) => (line === '' ? '' : paint(look, 'dim', line))),
    '',
    ...report.remarks.flatMap(told),
  ];
  return ['', ...indent(lines, MARGIN)];
}

/** A line of a log keeps what stands in front of it. */
function logLine(line: string, room: number): string[] {
  if (widthOf(line) <= room) return [line];
  const front = /^ */.exec(line)?.[0] ?? '';
  // A rule says nothing that is lost with its end.
  if (/^[-=]+$/.test(line)) return [line.slice(0, room)];
  const [first = '', ...rest] = wrap(line.trimStart(), room - front.length - HANG);
  return [front + first, ...rest.map((each) => front + ' '.repeat(HANG) + each)];
}
