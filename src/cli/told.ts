/** An interleaving as it can be read out: one sentence a step, in the order of time. */

import type { Trace, TraceEvent, TraceStep } from '#explore';
import { type EndingRole, whereTheyWait } from '#grade/ending';
import { callOf, functionOf, isTheMatter, summedUp } from './events.ts';
import type { Look } from './look.ts';
import { wrap } from './prose.ts';
import { endingText, switchText, waitText } from './trace-words.ts';

/** The whole of it, in lines no wider than the look allows. `role`: what its end is to its reader. */
export function tellSteps(look: Look, trace: Trace, role: EndingRole): string[] {
  const told = trace.steps.map((_, index) => stepSentence(trace, index));
  return [...told, ...endSentences(trace, role)].flatMap((sentence) => wrap(sentence, look.width));
}

/** What one step does: who, what, in which function or line, and what comes with it. */
export function stepSentence(trace: Trace, index: number): string {
  const step = trace.steps[index] as TraceStep;
  const change = switchText(trace, index);
  const place = placeOf(step);
  const front = `Step ${index + 1}, CPU ${step.task}${place === '' ? '' : `, ${place}`}`;
  const call = (event: TraceEvent) =>
    isTheMatter(trace, event) ? undefined : callOf(event, functionOf(step)?.function)?.replace('()  :', ' in line ');
  const plain = (events: readonly TraceEvent[]) =>
    summedUp(events, call).map((each) => (typeof each === 'string' ? each.replace('()', '') : eventText(each)));
  const events = [
    ...plain(step.plain.filter(({ before }) => before)),
    ...(step.operation === '' ? [] : [eventText(step)]),
    ...plain(step.plain.filter(({ before }) => !before)),
  ];
  const done = events.length === 0 ? 'no scheduling point' : events.join('; ');
  return `${change === undefined ? '' : `${change}. `}${front}: ${done}.`;
}

function placeOf(step: TraceStep): string {
  const own = step.stack.find(({ line }) => line !== undefined);
  if (own) return `line ${own.line}`;
  const frame = functionOf(step);
  return frame ? `in ${frame.function}` : '';
}

const eventText = ({ operation, result }: Pick<TraceEvent, 'operation' | 'result'>): string =>
  result === undefined || result === '' ? operation : `${operation} gives ${result}`;

function endSentences(trace: Trace, role: EndingRole): string[] {
  const { kind, repeatsFrom } = trace.ending;
  if (kind === 'returned') return [];
  const waits = trace.steps.at(-1)?.blocked ?? [];
  const stuck = kind === 'deadlock' ? whereTheyWait(trace) : waits.map((wait) => `${wait.task} ${waitText(wait)}.`);
  const rounds = repeatsFrom === undefined ? [] : [`From step ${repeatsFrom + 1} on it goes round and round.`];
  return [...rounds, `It ends so: ${endingText(trace, role)}.`, ...stuck];
}
