/** The answers to the lessons' predictions, by the prediction's id: run, not typed in. */

import { explore, replay } from '#explore';
import { fault, generations, simulate } from '#linux';
import type { AnyProgram } from './any-program.ts';
import { asked } from './asked.ts';
import { atomicUpdate } from './counters.ts';
import { insertsTwice, locksInReverse, mapsOnePage, skipsAndUnlocksEarly } from './drivers.ts';
import { kindIn } from './kind.ts';
import { faultAndDisable, oneFault, oneMapping, twoFaults } from './worlds.ts';

const kind = (program: AnyProgram): string => kindIn(explore(program));

/** How often the kernel was entered for one page after another: each time it takes mmap_lock. */
function faultsTaken(): string {
  const program = simulate(oneMapping({ A: [fault('v', 1), fault('v', 1), fault('v', 2)] }), mapsOnePage);
  const { steps } = replay(program, 'A');
  return String(steps.filter(({ operation }) => operation === 'down_read(mmap_lock)').length);
}

/** In how many orders two unsafe increments can fall. */
const lostUpdateInterleavings = (): string =>
  String(explore(asked['be-the-scheduler/lost-update'](), { stopAt: 'never' }).interleavings);

function atomicEnds(): string {
  const { interleavings, outcomes } = explore(atomicUpdate, { stopAt: 'never' });
  return `${interleavings}-${Object.keys(outcomes).length}`;
}

/** How many locks the task that hit BUG takes with it. */
function leftLocked(): string {
  const { violation } = explore(simulate(twoFaults(0, 1), generations.v5_8));
  const held = violation?.held?.filter(({ task }) => task === violation.task).map(({ lock }) => lock);
  return String(new Set(held).size);
}

/** A wrong frame, then the right one, in the same place: if the first stays, the page is wrong at the end. */
function whichStays(): string {
  const program = simulate(oneFault, insertsTwice, { rules: ['wrong page'] });
  const exploration = explore(program);
  const found = kindIn(exploration);
  if (found === 'wrong page') return 'first';
  if (found !== 'holds') return found;
  return Object.keys(exploration.outcomes).some((outcome) => outcome.includes('SIGBUS')) ? 'sigbus' : 'second';
}

/** The key of the option that is right. */
export const answers: Readonly<Record<string, () => string>> = {
  'one-fault/nopage': () => kind(asked['one-fault/nopage']()),
  'one-fault/second-page': faultsTaken,
  'be-the-scheduler/interleavings': lostUpdateInterleavings,
  'be-the-scheduler/atomic': atomicEnds,
  'reproduce-the-bug/one-thread': () => kind(asked['reproduce-the-bug/one-thread']()),
  'reproduce-the-bug/left-locked': leftLocked,
  'can-the-lock-enclose-it/outcome': () => kind(asked['can-the-lock-enclose-it/lock-encloses']()),
  'can-the-lock-enclose-it/other-page': () => kind(simulate(twoFaults(0, 1), generations.lockEnclosesRemap)),
  'skip-the-duplicate/entry-left': () => kind(asked['skip-the-duplicate/entry-left']()),
  'skip-the-duplicate/loser-early': () => kind(simulate(twoFaults(0, 1), skipsAndUnlocksEarly)),
  'insert-pfn/no-lock': () => kind(asked['insert-pfn/no-lock']()),
  'insert-pfn/never-replaces': whichStays,
  'what-was-merged/one-fault-one-write': () => kind(asked['what-was-merged/one-fault-one-write']()),
  'on-the-real-kernel/one-cpu': () => kind(simulate(twoFaults(0, 2), generations.v5_8)),
  'on-the-real-kernel/all-night': () =>
    kind(simulate(twoFaults(0, 1), generations.skipOnEexistUnlocked, { rules: [] })),
  'review-a-patch/count-pages': () => kind(asked['review-a-patch/count-pages']()),
  'what-was-merged/lock-order': () => kind(simulate(faultAndDisable, locksInReverse)),
};
