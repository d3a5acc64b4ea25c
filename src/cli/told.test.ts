import { describe, expect, it } from 'vitest';
import { drawColumns } from './columns.ts';
import { bugTrace, frame, step } from './fixtures.ts';
import { plainLook } from './look.ts';
import { stepSentence } from './told.ts';

describe('a trace that is read out', () => {
  const lines = drawColumns({ ...plainLook, spoken: true, width: 200 }, bugTrace);

  it('has one sentence for each step, with who goes on and why', () => {
    expect(lines).toEqual([
      'Step 1, CPU A, in handle_pte_fault: pte_none(pte v[0]) gives true.',
      'Step 2, CPU A, line 12: mutex_lock(vma_lock); list_empty(vma_list) gives true.',
      'A is interrupted, B goes on. Step 3, CPU B, in handle_pte_fault: pte_none(pte v[0]) gives true.',
      'B waits for vma_lock (held by A), A goes on. Step 4, CPU A, line 20: mutex_unlock(vma_lock).',
      'A is done, B goes on. Step 5, CPU B, line 16: get(mm) gives mm; set_pte_at(pte v[0], page 4096 of bar0).',
      'It ends so: bug: kernel BUG at mm/memory.c: !pte_none(*pte).',
    ]);
  });

  it('says which step a livelock goes back to', () => {
    const ending = { kind: 'livelock' as const, message: 'again', repeatsFrom: 1 };
    const told = drawColumns({ ...plainLook, spoken: true }, { ...bugTrace, ending });
    expect(told.at(-2)).toBe('From step 2 on it goes round and round.');
  });

  it('names the function that makes the step, and of what a call does in many the call alone', () => {
    const event = (operation: string) => ({ operation, stack: [frame('list_add'), frame('my_fault:14')] });
    const inside = step('B', 'pte_none(v[0])', ['remap_pte_range@mm/memory.c', 'remap_pfn_range@mm/memory.c'], {
      plain: [event('set(a.next, b)'), event('set(b.prev, a)'), event('set(b.next, c)'), event('get(x)')],
    });
    expect(stepSentence({ ...bugTrace, steps: [inside] }, 0)).toBe(
      'Step 1, CPU B, in remap_pte_range: pte_none(v[0]); list_add in line 14.',
    );
  });

  it('says of a step without a point that it has none', () => {
    const steps = [{ ...bugTrace.steps[0], operation: '', stack: [] } as never];
    expect(stepSentence({ ...bugTrace, steps }, 0)).toBe('Step 1, CPU A: no scheduling point.');
  });
});
