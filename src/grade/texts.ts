/** The catalogue: every sentence that a verdict can say, by id. Another language is another catalogue with the same ids. */

import type { ViolationKind } from '#explore';
import type { Message } from './verdict.ts';

type Values = Message['values'];

const violations = {
  'violation.bug': '“{program}” can end in a BUG: {message}.',
  'violation.warning': '“{program}” can make the kernel warn: {message}.',
  'violation.check': '“{program}” can come to a wrong end: {message}.',
  'violation.invariant': '“{program}” can pass through a state that must never be: {message}.',
  'violation.deadlock': '“{program}” can come to a standstill: {message}.',
  'violation.data race':
    'Two accesses in “{program}” race: nothing orders them, and at least one of them writes: {message}.',
  'violation.lock order': 'Locks are taken in different orders in “{program}”: {message}.',
  'violation.lock misuse': 'A lock is misused in “{program}”: {message}.',
  'violation.use after free': '“{program}” can use an object that has been freed: {message}.',
  'violation.forgotten yield': 'A yield* is missing in “{program}”: {message}.',
  'violation.livelock': 'In “{program}” {message}.',
  'violation.endless loop': 'A loop does not end in “{program}”: {message}.',
  'violation.exception': 'The code throws an exception in “{program}”. Its own words stand below.',
  'violation.non-determinism': 'The code of “{program}” is not the same each time it runs: {message}.',
} satisfies Record<`violation.${ViolationKind}`, string>;

export const texts = {
  ...violations,
  answer: 'You answer {actual}: that is not it.',
  because: 'This often comes from a mistaken belief: {belief}\n\n{text}',
  exception: 'The submission throws an exception. Its own words stand below.',
  'exception.at load':
    'The submission throws an exception when it is loaded, outside any function. Its own words stand below.',
  'endless loop': 'A loop does not end: {message}.',
  ending: '“{program}” can end with: {outcome}. It should end with: {wanted}.',
  expectation: '{says}',
  'grader failed': 'The grader of this exercise is broken, not your submission. Please report it.',
  'grows and grows':
    'In this check nothing has moved for {seconds} seconds but memory, which grew by {megabytes} MB, so it was ended. Look for a list or a buffer that grows in a loop.',
  hung: 'Nothing has moved in this check for {seconds} seconds, so it was ended. Look for work that never ends, for a loop with many more rounds than you meant, or for a list that only grows.',
  'lock kept':
    'A lock is kept in “{program}”: its task goes back to the start, to try once more, and still holds {locks}.',
  loading: 'Loading the submission',
  'missing export': 'The exercise asks for “{name}”, which the submission does not export. Write: {write}',
  'no function': '“{name}” must be a function. Write: {write}',
  'not recorded':
    'With {driver}, this cannot have been recorded. All fits before line {line}. There {task} comes to “{event}” in the recording, and here to “{instead}”.',
  'not reached': 'No interleaving of “{program}” ends in: {kind}. All of them were tried.',
  'out of memory': 'The submission took more memory than a check may have ({megabytes} MB), so it was ended.',
  'process gone':
    'The browser has ended the process in which this check ran. It does so when memory runs out: look for a list or a buffer that grows in a loop.',
  refused: '{says}',
  'states counted':
    'A state is where every task stands and what memory holds. Where states are counted, all of them were seen; runs that can go round have no count of interleavings.',
  'replay.no code': 'The submission does not run, so there is nothing to replay.',
  'replay.no program': 'The check “{check}” explores no program number {n}, or there is no such check.',
  'replay.not a link':
    '“{schedule}” is not a schedule of this course: it looks like 1.<check>.1.<fingerprint>~A3-B2-A.',
  'review.accused': 'No interleaving of “{program}” goes wrong: all of them were tried. {schedule}',
  'review.breaks': '“{program}” can go wrong indeed. {schedule} {line} {rule}',
  'review.line.right': 'Line {line} is to blame.',
  'review.line.wrong': 'Line {line} is not to blame.',
  'review.rule.right': 'You name the right rule.',
  'review.rule.wrong': '“{rule}” is not the rule.',
  'review.schedule.right': 'With the schedule {schedule} it does.',
  'review.schedule.wrong': 'With the schedule {schedule} it ends as it should.',
  'schedule harmless': 'With the schedule {schedule}, “{program}” ends as it should.',
  'schedule refused': 'The schedule {schedule} cannot be run: {why}.',
  stopped: 'The run was stopped here.',
  syntax: '{says}',
  undecided:
    'The search of “{program}” gave up after {states} states: {why}. What it saw is right; that proves nothing. A loop that asks again and again makes new states for ever. Let each round read anew what it relies on; where it only waits for another task, let it wait for a lock.',
  'worker died': 'The run ended before this check did.',
} as const;

export type TextId = keyof typeof texts;

/** A message of the catalogue. A sentence that a value closes itself gets no second full stop. */
export function say(id: TextId, values: Values = {}): Message {
  const filled = texts[id].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
  return { id, values, text: filled.replace(/([.!?])\.(?=\s|$)/g, '$1') };
}
