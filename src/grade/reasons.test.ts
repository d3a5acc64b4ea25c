import { describe, expect, it } from 'vitest';
import {
  acquire,
  acquireShared,
  type Cell,
  cell,
  explore,
  type Lock,
  mutex,
  type Program,
  read,
  release,
  releaseShared,
  remark,
  replay,
  rwlock,
  tryAcquire,
  write,
} from '#explore';
import { disableMemory, fault, generations, simulate, type WorldDescription } from '#linux';
import { reasonsOf } from './reasons.ts';

const counter: Program<{ n: Cell<number> }> = {
  name: 'counter',
  setup: () => ({ n: cell(0, 'n') }),
  tasks: ({ n }) => {
    const add = function* () {
      yield* write(n, (yield* read(n)) + 1);
    };
    return { A: add, B: add };
  },
  check: ({ n }, now) => (now.get(n) === 2 ? undefined : 'lost update'),
};

const locks: Program<{ m: Lock; r: Lock }> = {
  name: 'locks',
  setup: () => ({ m: mutex('m'), r: rwlock('r') }),
  tasks: ({ m, r }) => ({
    *A() {
      yield* acquire(m);
      yield* acquireShared(r);
      yield* releaseShared(r);
      yield* release(m);
    },
    *B() {
      yield* acquireShared(r);
      yield* acquire(m);
      yield* release(m);
      yield* releaseShared(r);
    },
    *C() {
      if (yield* tryAcquire(m)) yield* release(m);
    },
  }),
};

function* takes(...wanted: readonly Lock[]) {
  for (const lock of wanted) yield* acquire(lock);
}

const world = (tasks: WorldDescription['tasks'], more: Partial<WorldDescription> = {}): WorldDescription => ({
  bars: { bar0: 1 },
  vmas: { v: { bar: 'bar0', process: 'p' } },
  tasks,
  ...more,
});

/** Of the shortest execution that breaks it. */
function reasonsAgainst(description: WorldDescription, driver = generations.v5_8): readonly string[] {
  const { violation } = explore(simulate(description, driver));
  if (!violation) throw new Error('it holds');
  return reasonsOf(violation.trace);
}

describe('reasonsOf', () => {
  it('tells whose write is read, and what a stale look comes to', () => {
    const trace = replay(counter, 'A-B2-A');
    expect(reasonsOf(trace)).toEqual([
      '`n` is `0`: nobody has written it so far.',
      'A could go on, but B runs first. `n` is `0`: nobody has written it so far.',
      '`n` is `1` from now on.',
      'B is done: A runs. `n` is `1` from now on. A found it `0` in step 1, and overwrites what B wrote in step 3. All have returned, and it has come out wrong: lost update.',
    ]);
    expect(reasonsOf(replay(counter, 'A2-B2'))[2]).toBe('A is done: B runs. `n` is `1`: A wrote it in step 2.');
  });

  it('tells who holds a lock, who waits, and whom a release lets go on', () => {
    expect(reasonsOf(replay(locks, 'A-B-C-A3-B3'))).toEqual([
      'Nobody else holds `m`: A takes it.',
      'A could go on, but B runs first. Nobody else holds `r`: B takes it. A has held `m` since step 1: B has to wait.',
      'B waits for `m`: C runs. A has held `m` since step 1: C does not get it, and does not wait.',
      'C is done: A runs. B has held `r` since step 2, and readers share it.',
      'A gives `r` back.',
      'A gives `m` back: B can go on.',
      'A is done: B runs. B gets `m`, which A gave back in step 6.',
      'B gives `m` back.',
      'B gives `r` back. All have returned.',
    ]);
  });

  it('tells that somebody has to wait for what has just been taken', () => {
    expect(reasonsOf(replay(locks, 'B-A'))[1]).toContain(
      'Nobody else holds `m`: A takes it. From now on B has to wait for it.',
    );
  });

  it('tells why remap meets an entry: who wrote it, and that it was empty before', () => {
    const reasons = reasonsAgainst(world({ A: fault('v', 0), B: fault('v', 0) }));
    expect(reasons[0]).toBe('No entry at `v[0]`, so the CPU faults: nobody has written it so far.');
    expect(reasons).toContainEqual('`v[0]` leads to `bar0[0]` from now on.');
    expect(reasons.at(-1)).toMatch(
      /^`v\[0]` is filled: (.) wrote it in step \d+\. Before that, in step \d+, . found it empty\. Here the kernel stops: BUG_ON\(!pte_none\(\*pte\)\).* is dead, and still holds `memory_lock`/,
    );
  });

  it('tells of a ring of waits since when each holds what the other wants', () => {
    const ring: Program<{ m: Lock; n: Lock }> = {
      name: 'ring',
      setup: () => ({ m: mutex('m'), n: mutex('n') }),
      tasks: ({ m, n }) => ({ A: () => takes(m, n), B: () => takes(n, m) }),
    };
    expect(reasonsOf(replay(ring, 'A-B')).at(-1)).toMatch(
      /^A could go on, but B runs first\. Nobody else holds `n`: B takes it\. From now on A has to wait for it\. A has held `m` since step 1: B has to wait\. Nobody can go on any more: /,
    );
  });

  it('tells that memory was switched off, by whom', () => {
    const off = world({ A: [disableMemory(), fault('v', 0)] });
    const { outcomes } = explore(simulate(off, generations.v5_14), { stopAt: 'never' });
    const schedule = Object.values(outcomes)[0]?.schedule ?? '';
    const reasons = reasonsOf(replay(simulate(off, generations.v5_14), schedule)).join('\n');
    expect(reasons).toMatch(/The device’s memory is off, by `vconfig\[PCI_COMMAND]`: A itself wrote it in step \d+\./);
  });

  it('tells that the world lets an allocation fail', () => {
    const failing = world({ A: fault('v', 0) }, { fail: { A: { remapAtPage: 0 } } });
    const { outcomes } = explore(simulate(failing, generations.v5_14), { stopAt: 'never' });
    const schedule = Object.values(outcomes)[0]?.schedule ?? '';
    expect(reasonsOf(replay(simulate(failing, generations.v5_14), schedule)).join('\n')).toContain(
      'In this world the allocation fails.',
    );
  });

  it('has a text for each step, also of one that does nothing', () => {
    const idle: Program<object> = {
      name: 'idle',
      setup: () => ({}),
      tasks: () => ({
        *A() {
          yield* remark('idle');
        },
      }),
    };
    const trace = replay(idle, 'A');
    expect(reasonsOf(trace)).toHaveLength(trace.steps.length);
    expect(reasonsOf(trace).every((reason) => reason !== '')).toBe(true);
    expect(reasonsOf({ ...trace, ending: { kind: 'livelock', repeatsFrom: 0 } }).at(-1)).toMatch(
      /Steps 1 to \d repeat for ever\.$/,
    );
  });

  it('takes a picture of any form', () => {
    const trace = replay(counter, 'A2-B2');
    const steps = trace.steps.map((step, index) => ({
      ...step,
      picture: [null, { tables: [null, { entries: 3 }] }, { tables: 'x' }, 7][index],
    }));
    expect(reasonsOf({ ...trace, steps })[1]).toBe('`n` is `1` from now on.');
  });
});
