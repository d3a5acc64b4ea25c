/** One execution for a person: who moved, how it ended, the machine at a step, what Linux would have printed. */

import type { Trace } from '#explore';
import { drawColumns } from './columns.ts';
import { kernelLogLines } from './kernel-log.ts';
import { type Look, paint } from './look.ts';
import { machineLines } from './machine.ts';

/** The whole of it; the machine is shown after that step, else after the last one. */
export function replayLines(look: Look, trace: Trace, step = trace.steps.length): string[] {
  const { picture, blocked } = trace.steps[step - 1] ?? { picture: trace.picture, blocked: [] };
  const machine = machineLines(look, picture, blocked);
  const ownLine = trace.steps.flatMap(({ stack }) => stack).find(({ line }) => line !== undefined)?.line;
  return [
    paint(look, 'dim', trace.program),
    '',
    ...drawColumns(look, trace),
    ...(trace.ending.kind === 'returned' ? ['', '      All have returned, and nothing went wrong.'] : []),
    '',
    ...(ownLine === undefined ? [] : [paint(look, 'dim', `      :${ownLine} means line ${ownLine} of that file.`)]),
    paint(look, 'dim', `      As a schedule: ${trace.schedule}`),
    ...(machine.length === 0 ? [] : ['', paint(look, 'bold', `The machine after step ${step}`), ...machine]),
    ...kernelLogLines(look, trace),
  ];
}
