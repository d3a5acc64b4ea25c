/**
 * Faults planted in the engine, each of a kind that papers or other tools have had, and the measures that catch them: so the
 * measures, which are the counts of the engine's specification and a few of our own, are known to bite.
 */

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { measures } from './fixtures/measures.ts';

interface Mutant {
  readonly file: string;
  /** What stands there, once, and what stands there instead. */
  readonly from: string;
  readonly to: string;
  /** Names of measures. */
  readonly caughtBy: readonly string[];
}

const mutants: Readonly<Record<string, Mutant>> = {
  'a step that a sleeping task could as well begin with is explored again': {
    file: 'dpor/reversal.ts',
    from: '    return this.#asleep === 0;',
    to: '    return true;',
    caughtBy: ['P1h with a lock for each entry', 'lastzero with seven'],
  },
  'a step that does not commute wakes nobody': {
    file: 'dpor/sleep.ts',
    from: 'this.without(asleep & ~(1 << task), index, touch)',
    to: 'asleep & ~(1 << task)',
    caughtBy: ['P1 with three tasks'],
  },
  'one holder is left out, not all who keep the lock': {
    file: 'dpor/reversal.ts',
    from: 'if (!this.#leaveOutWhatKeeps(point, task, word, base)) return false;',
    to: 'if (this.#withoutCount > 0 || !this.#leaveOutWhatKeeps(point, task, word, base)) return false;',
    caughtBy: ['P5 with an rwlock'],
  },
  'old races are not reversed again': {
    file: 'dpor/exploration.ts',
    from: 'if (isOld && ((raceIsCovered[race] === 1 && !this.#mayWait) || past.has(e))) continue;',
    to: 'if (isOld) continue;',
    caughtBy: ['old races'],
  },
  'any step that v may begin with leads to x': {
    file: 'dpor/reversal.ts',
    from: 'this.isCovered = place >= this.#placeOfNeeded && place <= this.#placeOfX;',
    to: 'this.isCovered = true;',
    caughtBy: ['known steps that no race needs'],
  },
  'giving a lock back and taking it can be reversed': {
    file: 'dpor/execution.ts',
    from: 'if (event.takesLock) this.#followHolders(event);\n    else ',
    to: '',
    caughtBy: ['P1 with three tasks'],
  },
  'tasks that wait for ever are forgotten': {
    file: 'dpor/exploration.ts',
    from: 'if (point?.isPoint && this.#reversal.ofWaiting(task, point)) this.#insert();',
    to: '',
    caughtBy: ['P5 with mutexes', 'waiting for a cell'],
  },
  'a reversed step is thought to touch its object as it did': {
    file: 'dpor/reversal.ts',
    from: 'own = touchOf(point.slot, effect.mode);',
    to: '',
    caughtBy: ['compare and swap', 'a fair lock'],
  },
  'a branch that all commutes with covers nothing': {
    file: 'dpor/wakeup.ts',
    from: 'if (place === APART) return first;',
    to: 'if (place === APART) {\n        node = this.#next[node] as number;\n        continue;\n      }',
    caughtBy: ['P2h with four tasks'],
  },
  'a failed compare-and-swap counts as a write': {
    file: 'operations.ts',
    from: 'mode: (swapped) => (swapped ? WRITE : READ),',
    to: 'mode: () => WRITE,',
    caughtBy: ['P3cas with four tasks'],
  },
  'a step that a body dies of is one of which all is known': {
    file: 'automaton.ts',
    from: "next.pending.type === 'failed' || ",
    to: '',
    caughtBy: ['what is thrown after a swap'],
  },
  'who must be the first to take a mutex can be exchanged with others': {
    file: 'dpor/reversal.ts',
    from: 'if (point.takesMutex && this.#machine.locks.isReservedFrom(this.#execution.at(e).met, event.task)) return false;',
    to: '',
    caughtBy: ['parts of P1h'],
  },
  'an execution that could go on in another part is one of this': {
    file: 'dpor/exploration.ts',
    from: "if (this.executor.isElsewhere) return 'elsewhere';",
    to: '',
    caughtBy: ['parts of P1h'],
  },
  'a mutex is reserved for the first to take it alone': {
    file: 'locks.ts',
    from: 'reserved: reserved.slice(1) }',
    to: 'reserved: [] }',
    caughtBy: ['parts of P1h'],
  },
  'who waits for a mutex that is held for ever waits for another part': {
    file: 'dpor/executor.ts',
    from: 'return this.machine.locks.isUnheld(word) && this',
    to: 'return this',
    caughtBy: ['parts of a deadlock'],
  },
  'readers of a lock do not commute': {
    file: 'dependence.ts',
    from: 'bits(WRITE, TRY, FAIL, QUEUE),',
    to: 'bits(WRITE, TRY, FAIL, QUEUE, SHARE),',
    caughtBy: ['P6 with three faulters'],
  },
  'taking a lock does not come after giving it back': {
    file: 'dpor/execution.ts',
    from: 'if (!this.order.isBefore(each, index)) this.order.join(index, each);',
    to: '',
    caughtBy: ['P3 with four tasks'],
  },
  'a read closes what came before it': {
    file: 'dpor/execution.ts',
    from: 'event.barrier = closes ? event.index :',
    to: 'event.barrier = closes || mode === READ ? event.index :',
    caughtBy: ['P1h with a lock for each entry'],
  },
  'a plain access is ordered with the point that it rides with': {
    file: 'dpor/dataRaces.ts',
    from: 'if (this.#after[access] !== own) return',
    to: 'return',
    caughtBy: ['races that DPOR finds'],
  },
  'a child knows nothing of what its parent has done': {
    file: 'dpor/execution.ts',
    from: 'this.#baseOf[child] = event;',
    to: '{}',
    caughtBy: ['races that DPOR finds'],
  },
  'what a child has done need not come before the join': {
    file: 'dpor/execution.ts',
    from: '} else if (last !== NO_EVENT) {',
    to: '} else if (last === NO_EVENT) {',
    caughtBy: ['races that DPOR finds'],
  },
  'every switch counts as a preemption': {
    file: 'costOrder.ts',
    from: 'preemptions + (lastCanGoOn ? isSwitch : 0)',
    to: 'preemptions + isSwitch',
    caughtBy: ['the least failure without preemption'],
  },
  'tasks are renamed, but not in the locks that they hold': {
    file: 'symmetry.ts',
    from: 'for (const { slot } of allLocks) memory.store(slot, locks.renamed(before[slot] as number, to));',
    to: '',
    caughtBy: ['P1 with four like tasks'],
  },
};

const here = import.meta.dirname;
const cache = join(here, '../../.cache');
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** The measures of an engine with that fault. */
async function measuresWith({ file, from, to }: Mutant): Promise<typeof measures> {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'mutant-'));
  folders.push(folder);
  cpSync(here, folder, { recursive: true, filter: (path) => !path.endsWith('.test.ts') });
  const path = join(folder, file);
  const [before, after, ...more] = readFileSync(path, 'utf8').split(from);
  if (after === undefined || more.length > 0) throw new Error(`${file} has not exactly one “${from}”`);
  writeFileSync(path, before + to + after);
  return (await import(join(folder, 'fixtures/measures.ts'))).measures;
}

describe.each(Object.entries(mutants))('%s', (_, mutant) => {
  let mutated: typeof measures;
  beforeAll(async () => {
    mutated = await measuresWith(mutant);
  });

  test.each(mutant.caughtBy)('is caught by: %s', (name) => {
    expect(measures[name]).toBeDefined();
    expect(outcomeOf(mutated[name])).not.toBe(outcomeOf(measures[name]));
  });
});

/** What the measure says; that it fails says something too. */
function outcomeOf(measure: (() => string) | undefined): string {
  try {
    return measure?.() ?? 'there is no such measure';
  } catch (error) {
    return String(error);
  }
}
