import { describe, expect, it } from 'vitest';
import { drawColumns } from './columns.ts';
import { bugTrace } from './fixtures.ts';
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

  it('says of a step without a point that it has none', () => {
    const steps = [{ ...bugTrace.steps[0], operation: '', stack: [] } as never];
    expect(stepSentence({ ...bugTrace, steps }, 0)).toBe('Step 1, CPU A: no scheduling point.');
  });
});
