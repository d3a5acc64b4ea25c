import { describe, expect, it } from 'vitest';
import { patchOf, stepsUnder } from './patches.ts';

describe('stepsUnder', () => {
  it('tells the steps of both under the driver as it is', () => {
    const [a, z] = stepsUnder('asItIs');
    expect(a).toMatchObject({ task: 'A', steps: expect.arrayContaining(['mutex_lock(lock)', 'set_pte_at(v[1])']) });
    expect(z).toMatchObject({ task: 'Z', steps: expect.arrayContaining(['WRITE_ONCE(isOn, false)']) });
  });

  it('tells under a patch of those alone whom it changes', () => {
    expect(stepsUnder('refuseEarly').map(({ task }) => task)).toEqual(['A']);
    expect(stepsUnder('tellUsers').map(({ task }) => task)).toEqual(['Z']);
  });

  it('names the patches that there are', () => {
    expect(() => stepsUnder('refuse')).toThrow('there is no patch "refuse"; there is asItIs, countPages,');
    expect(() => patchOf('asItIs')).toThrow('there is no patch "asItIs"; there is countPages,');
  });
});

describe('patchOf', () => {
  it('has a mark in front of each line', () => {
    const { subject, lines } = patchOf('tellUsers');
    expect(subject).toMatch(/^board: /);
    expect(lines.filter((line) => !/^(?:[ +-]|@@ )/.test(line))).toEqual([]);
  });
});
