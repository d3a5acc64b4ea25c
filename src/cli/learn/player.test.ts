import { describe, expect, it } from 'vitest';
import { bugTrace, check, verdict } from '../fixtures.ts';
import { plainLook } from '../look.ts';
import { playLines, playSentences } from './play-screen.ts';
import { moved, type Player, shownCheck } from './player.ts';

const failed = check('one', 1, { status: 'failed', trace: bugTrace });
const player: Player = { check: failed, trace: bugTrace, at: 2, reasons: undefined };

describe('shownCheck', () => {
  it('is the first that failed, or one that asked for an interleaving', () => {
    expect(shownCheck(verdict([check('zero', 1), failed]))?.id).toBe('one');
    expect(shownCheck(verdict([check('found', 1, { trace: bugTrace })]))?.id).toBe('found');
    expect(shownCheck(verdict([check('zero', 1)]))).toBeUndefined();
    expect(shownCheck(undefined)).toBeUndefined();
  });
});

describe('moved', () => {
  const to = (key: string, at = 2) => moved({ ...player, at }, key)?.at;

  it('goes both ways, and no further than there are steps', () => {
    expect([to('right'), to('left'), to('home'), to('end')]).toEqual([3, 1, 0, 5]);
    expect([to('right', 5), to('left', 0)]).toEqual([5, 0]);
  });
  it('goes to the next switch', () => expect(to('s')).toBe(3));
  it('leads out with q and Escape alone', () => {
    expect([moved(player, 'q'), moved(player, 'escape')]).toEqual([undefined, undefined]);
    expect(moved(player, 'x')).toBe(player);
  });
});

describe('an interleaving that is stepped through', () => {
  it('shows what has happened, and no more', () => {
    const lines = playLines(plainLook, player, 40).join('\n');
    expect(lines).toContain('step 2 of 5');
    expect(lines).toContain('mutex_lock(vma_lock)');
    expect(lines).not.toContain('mutex_unlock(vma_lock)');
  });

  it('keeps the step just taken in a small window', () => {
    const lines = playLines(plainLook, { ...player, at: 5, reasons: ['', '', '', '', 'Because.'] }, 18);
    expect(lines.length).toBeLessThanOrEqual(18);
    expect(lines.join('\n')).toMatch(/ 4 {2}mutex_unlock\(vma_lock\)[\s\S]* 5 [\s\S]*Because\./);
  });

  it('keeps in sight where the other CPU stopped', () => {
    const more = Array.from({ length: 30 }, (_, index) => ({ ...bugTrace.steps[2], operation: `read(c${index})` }));
    const [first, second] = bugTrace.steps;
    const trace = { ...bugTrace, steps: [first, second, ...more] } as typeof bugTrace;
    const lines = playLines(plainLook, { ...player, trace, at: 30 }, 24);
    expect(lines.length).toBe(23);
    expect(lines.slice(3, 5).join('\n')).toMatch(/^ {3}2 {2}mutex_lock\(vma_lock\)[^\n]*\n {2}\d\d {10,}/);
    const again = { ...trace, steps: [...trace.steps, { ...first, result: 'false' }] } as typeof bugTrace;
    expect(playLines(plainLook, { ...player, trace: again, at: 33 }, 24)[3]).toBe('   1  pte_none(pte v[0]) -> true');
    const alone = { ...trace, steps: trace.steps.slice(2) };
    expect(playLines(plainLook, { ...player, trace: alone, at: 30 }, 24).join('\n')).toContain(
      '(earlier steps: left arrow)',
    );
  });

  it('shows of a livelock that it goes round when it has', () => {
    const trace = { ...bugTrace, ending: { kind: 'livelock', repeatsFrom: 0 } } as const;
    const shown = (at: number) => playLines(plainLook, { ...player, trace, at, isOfLesson: true }, 60).join('\n');
    expect(shown(1)).not.toContain('round and round');
    expect(shown(5)).toMatch(/round and round[\s\S]*@ {5}livelock\n {6}Steps 1 to 5 repeat for ever/);
  });

  it('is told step by step, with its end', () => {
    const [first = '', ...rest] = playSentences({ ...plainLook, width: 200 }, { ...player, at: 5 });
    expect(first).toMatch(/Step 5 of 5, CPU B, line 16/);
    expect(rest).toEqual(['It ends so: bug: kernel BUG at mm/memory.c: !pte_none(*pte).']);
    expect(playSentences(plainLook, { ...player, at: 0 })).toEqual(['Before the first step.']);
  });
});
