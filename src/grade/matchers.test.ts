import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  acquire,
  again,
  bug,
  type Cell,
  cell,
  type Lock,
  mutex,
  type Program,
  read,
  release,
  type Steps,
  type Violation,
  write,
} from '#explore';
import './matchers.ts';
import { parseSchedule } from './schedule.ts';
import { currentSession, enterSession, newSession, ReplayDone, type Session } from './session.ts';

interface World {
  counter: Cell<number>;
  lock: Lock;
}

type Count = (world: World) => Steps;

function* racing({ counter }: World): Steps {
  yield* write(counter, (yield* read(counter)) + 1);
}

function* locked(world: World): Steps {
  yield* acquire(world.lock);
  yield* racing(world);
  yield* release(world.lock);
}

function* buggy({ counter }: World): Steps {
  yield* read(counter);
  yield* bug('no good');
}

function* throwing({ counter }: World): Steps {
  yield* read(counter);
  throw new TypeError('words of the engine');
}

function* twice({ lock }: World): Steps {
  yield* acquire(lock);
  yield* acquire(lock);
}

/** A and B count; both must be counted. */
function counting(count: Count, name = 'two tasks'): Program<World> {
  return {
    name,
    setup: () => ({ counter: cell(0, 'counter'), lock: mutex('lock') }),
    tasks: (world) => ({ A: () => count(world), B: () => count(world) }),
    check: ({ counter }, now) => (now.get(counter) === 2 ? undefined : `lost update: ${now.get(counter)} of 2`),
    outcome: ({ counter }, now) => `${now.get(counter)} counted`,
  };
}

/** Nothing is wrong with any end. */
const unchecked = ({ check: _, ...program }: Program<World>): Program<World> => program;

let session: Session;
let beats: number[];

beforeEach(() => {
  beats = [];
  session = newSession('two-faults', 'sha', (states) => beats.push(states));
  enterSession(session);
});
afterEach(() => enterSession(newSession('check', '')));

/** Runs a matcher that must fail, and returns what it found. */
function finding(matcher: () => void) {
  expect(matcher).toThrow();
  return currentSession().finding;
}

describe('toHold', () => {
  test('passes, and says what was explored', () => {
    expect(counting(locked)).toHold();
    expect(session.finding).toBeUndefined();
    expect(session.explored).toMatchObject({ engine: 'graph', interleavings: '2', complete: true });
  });

  test('shows signs of life while a search goes on, with the states found so far', () => {
    function* longer(world: World): Steps {
      for (let n = 0; n < 100; n++) yield* read(world.counter);
    }
    expect(unchecked(counting(longer))).toHold();
    expect(beats.length).toBeGreaterThan(2);
    expect(beats.toSorted((one, other) => one - other)).toEqual(beats);
  });

  test('fails with kind, message, schedule, trace and misconception', () => {
    const found = finding(() => expect(counting(racing)).toHold({ check: 'general', 'check: lost update': 'no-lock' }));
    expect(found).toMatchObject({
      status: 'failed',
      message: { id: 'violation.check', values: { program: 'two tasks', message: 'lost update (1 of 2)' } },
      misconception: 'no-lock',
      trace: { ending: { kind: 'check', message: 'lost update: 1 of 2' } },
    });
    expect(parseSchedule(found?.schedule ?? '')).toMatchObject({ check: 'two-faults', n: 1, schedule: 'A-B2-A' });
  });

  test('names the misconception of the kind where none is given for the rule', () => {
    expect(finding(() => expect(counting(racing)).toHold({ check: 'general' }))?.misconception).toBe('general');
  });

  test('lets a function decide by the evidence', () => {
    const decide = ({ trace }: Violation) => (trace.steps.length > 3 ? 'long' : undefined);
    expect(finding(() => expect(counting(racing)).toHold({ check: decide }))?.misconception).toBe('long');
  });

  test('names none where the map has none', () => {
    expect(finding(() => expect(counting(twice)).toHold({ check: 'general' }))).not.toHaveProperty('misconception');
  });

  test('an exception never carries a misconception, and its words stand in native alone', () => {
    const found = finding(() => expect(counting(throwing)).toHold({ exception: 'none', check: 'none' }));
    expect(found).not.toHaveProperty('misconception');
    expect(found).toMatchObject({ message: { id: 'violation.exception', values: { program: 'two tasks' } } });
    expect(found?.native).toContain('words of the engine');
    expect(JSON.stringify({ ...found, native: '' })).not.toContain('words of the engine');
  });

  test('a search that gives up is undecided', () => {
    const found = finding(() => expect(counting(locked)).toHold({}, { states: 3, executions: 0 }));
    expect(found).toMatchObject({ status: 'undecided', message: { id: 'undecided' } });
    expect(session.explored?.complete).toBe(false);
  });

  test('can look at how executions end', () => {
    const ends = ['2 counted'];
    expect(counting(locked)).toHold({}, { ends });
    const found = finding(() => expect(unchecked(counting(racing))).toHold({ ending: 'lost' }, { ends }));
    expect(found).toMatchObject({
      message: { id: 'ending', values: { outcome: '1 counted', wanted: '2 counted' } },
      misconception: 'lost',
      trace: { ending: { kind: 'returned' } },
    });
    expect(found?.schedule).toMatch(/^1\.two-faults\.2\./);
  });

  test('counts the programs of a check, and adds up what they took', () => {
    expect(counting(locked)).toHold();
    const { states = 0, programs } = session.explored ?? {};
    expect(programs).toBeUndefined();
    expect(counting(locked, 'again')).toHold();
    expect(session).toMatchObject({ programs: 2, explored: { states: 2 * states, interleavings: '4', programs: 2 } });
    expect(counting(locked, 'and again')).toHold();
    expect(session.explored?.programs).toBe(3);
  });

  test('says of a lock that is kept whose it is', () => {
    function* keeping({ counter, lock }: World): Steps {
      yield* acquire(lock);
      yield* read(counter);
      yield* again();
    }
    const found = finding(() => expect(counting(keeping)).toHold());
    expect(found?.message?.text).toBe(
      'A lock is kept in “two tasks”: its task goes back to the start, to try once more, and still holds lock.',
    );
  });

  test('tells an editor what went wrong, with the schedule', () => {
    expect(() => expect(counting(racing)).toHold({ check: 'no-lock' })).toThrow(
      /lost update \(1 of 2\)[\s\S]*no-lock[\s\S]*A-B2-A/,
    );
  });
});

test('a BUG by which a grader ends a loop is told as what it is', () => {
  function* endless({ counter }: World): Steps {
    yield* read(counter);
    yield* bug('no end: it has asked twice');
  }
  const found = finding(() => expect(counting(endless)).toHold());
  expect(found?.message?.text).toBe('A loop does not end in “two tasks”: it has asked twice.');
});

describe('toViolate', () => {
  test('passes where a world reaches it, and shows the schedule', () => {
    expect(counting(buggy)).toViolate('bug');
    expect(session.shown?.trace?.ending).toMatchObject({ kind: 'bug', message: 'no good' });
    expect(session.shown?.schedule).toMatch(/^1\.two-faults\.1\.[0-9a-f]{8}~/);
  });

  test('finds it behind another violation', () => {
    expect(counting(racing)).toViolate('check: lost update');
  });

  test('fails where everything holds, and says what that speaks of', () => {
    const found = finding(() =>
      expect(counting(locked)).toViolate('bug', { holds: ({ states = 0 }) => (states > 1 ? 'any' : 'none') }),
    );
    expect(found).toMatchObject({
      status: 'failed',
      message: { id: 'not reached', values: { kind: 'bug' } },
      misconception: 'any',
    });
  });

  test('fails with what goes wrong instead', () => {
    const found = finding(() => expect(counting(racing)).toViolate('bug', { 'check: lost update': 'lost' }));
    expect(found).toMatchObject({ message: { id: 'violation.check' }, misconception: 'lost' });
  });
});

describe('toBreakUnder', () => {
  test('passes where the schedule makes it go wrong', () => {
    expect(counting(racing)).toBreakUnder('A-B2-A', 'check: lost update');
    expect(session.shown?.trace?.steps).toHaveLength(4);
  });

  test('fails where it does not, with the execution', () => {
    const found = finding(() => expect(counting(racing)).toBreakUnder('A2-B2', 'check', { returned: 'whole-updates' }));
    expect(found).toMatchObject({ message: { id: 'schedule harmless' }, misconception: 'whole-updates' });
    expect(found?.trace?.steps).toHaveLength(4);
  });

  test.each(['C', 'A9', 'A,B', 7, null])('refuses %j and says why', (schedule) => {
    const found = finding(() => expect(counting(racing)).toBreakUnder(schedule, 'check'));
    expect(found).toMatchObject({ status: 'failed', message: { id: 'schedule refused' } });
    expect(found).not.toHaveProperty('trace');
  });
});

describe('toAnswer', () => {
  test('compares values as JSON writes them', () => {
    expect(3).toAnswer(3);
    expect([1, { a: 2 }]).toAnswer([1, { a: 2 }]);
  });

  test('names where a wrong one comes from, and does not show the right one', () => {
    const found = finding(() => expect(70).toAnswer(3, { 70: 'interleavings-are-outcomes' }));
    expect(found).toEqual({
      status: 'failed',
      message: { id: 'answer', values: { actual: '70' }, text: 'You answer 70: that is not it.' },
      misconception: 'interleavings-are-outcomes',
    });
  });

  test('takes whatever it is given', () => {
    const circular: Record<string, unknown> = {};
    circular.circular = circular;
    expect(finding(() => expect(circular).toAnswer(3))?.message?.values).toEqual({ actual: 'object' });
    expect(() => expect(undefined).toAnswer(3)).toThrow('undefined');
  });
});

describe('toBeAllowed', () => {
  test('says what the grader says', () => {
    expect(true).toBeAllowed('never said');
    const found = finding(() => expect(false).toBeAllowed('Leave `fail` out.', 'needs-a-failure'));
    expect(found).toMatchObject({
      message: { id: 'refused', text: 'Leave `fail` out.' },
      misconception: 'needs-a-failure',
    });
  });
});

test('the first finding of a check is the one that counts', () => {
  finding(() => expect(counting(racing)).toHold());
  expect(finding(() => expect(1).toAnswer(2))?.message?.id).toBe('violation.check');
});

describe('a session that replays', () => {
  test('passes over the programs before, and stops at the one it is for', () => {
    enterSession({ ...session, replay: { n: 2, schedule: 'A-B2' } });
    expect(counting(racing, 'first')).toHold();
    let done: unknown;
    try {
      expect(counting(racing, 'second')).toHold();
    } catch (error) {
      done = error;
    }
    expect(done).toBeInstanceOf(ReplayDone);
    expect(done).toMatchObject({ outcome: { program: 'second', ending: { kind: 'check' } } });
  });
});
