import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  driverWith,
  generations,
  type Kernel,
  mutex_lock,
  mutex_unlock,
  VM_FAULT_NOPAGE,
  type vm_fault,
  type vm_fault_t,
} from '#linux';
import { judgeRecorded, type Recorded } from './recorded.ts';
import { parseSchedule } from './schedule.ts';
import { currentSession, enterSession, newSession, ReplayDone } from './session.ts';

/** One fault, on a kernel whose memory_lock nobody watched, of a handler that takes vma_lock alone, fills nothing, and asks for another try. */
const recorded: Recorded = {
  pages: 2,
  pfn: 0xfea00,
  events: `
A page_fault_user(page 1)
A down_read_in(mmap_lock)
A down_read_out(mmap_lock)
A pte_none_seen(page 1)
A fault_in(page 1)
A mutex_lock_in(vma_lock)
A mutex_lock_out(vma_lock)
A mutex_unlock_in(vma_lock)
A fault_out() = 256
A up_read_in(mmap_lock)
`,
};

beforeEach(() => enterSession(newSession('recorded', 'sha')));
afterEach(() => enterSession(newSession('check', '')));

const { v5_14, v5_8 } = generations;

test('a driver that could not have made it: how far it comes, and where they part', () => {
  const finding = judgeRecorded(v5_14, recorded, { 'mutex_unlock(vma_lock)': ({ instead }) => `did ${instead}` });
  expect(finding).toMatchObject({
    status: 'failed',
    misconception: 'did remap_pfn_range() begins',
    message: { id: 'not recorded', values: { fits: 7, all: 10, task: 'A', event: 'mutex_unlock(vma_lock)' } },
    trace: {
      ending: { kind: 'check', message: expect.stringContaining('goes on with “mutex_unlock(vma_lock)” of A') },
    },
  });
});

test('the schedule of a refusal is replayed to the same trace', () => {
  const { schedule = '', trace } = judgeRecorded(v5_8, recorded, {}) ?? expect.fail('it agrees');
  const parsed = parseSchedule(schedule) ?? expect.fail('it is no schedule');
  enterSession({ ...newSession('recorded', 'sha'), replay: { n: parsed.n, schedule: parsed.schedule } });
  let outcome: unknown;
  try {
    judgeRecorded(v5_8, recorded, {});
  } catch (done) {
    outcome = done instanceof ReplayDone && done.outcome;
  }
  expect(outcome).toEqual(trace);
});

function* locksAndLeaves({ vma }: vm_fault): Kernel<vm_fault_t> {
  yield* mutex_lock(vma.vm_private_data.vma_lock);
  yield* mutex_unlock(vma.vm_private_data.vma_lock);
  return VM_FAULT_NOPAGE;
}

test('a driver that could have made it passes, and an interleaving is shown', () => {
  expect(judgeRecorded(driverWith({ fault: locksAndLeaves }), recorded, {})).toBeUndefined();
  const { shown, explored } = currentSession();
  expect(shown?.trace?.steps.map(({ operation }) => operation)).toContain('mutex_lock(vma_lock)');
  expect(explored).toMatchObject({ complete: true });
  expect(explored).not.toHaveProperty('interleavings');
});

test('an exception comes before what it has to do with the recording', () => {
  const throwing = driverWith({
    fault: function* (): Kernel<vm_fault_t> {
      throw new TypeError('words of the engine');
    },
  });
  expect(judgeRecorded(throwing, recorded, {})).toMatchObject({
    message: { id: 'violation.exception' },
    native: expect.stringContaining('words of the engine'),
  });
});
