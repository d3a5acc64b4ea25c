/** The deeds that make vmas come and go: what they say of a description that makes no sense, and what they are called. */

import { describe, expect, test } from 'vitest';
import type { WorldDescription } from '../description.ts';
import { generations } from '../drivers/vfio/pci/generations/index.ts';
import { oneVma } from '../testing.ts';
import { simulate } from '../world.ts';
import { exit, fault, fork, mmap, mprotect, mremap, munmap } from './index.ts';

const told = (tasks: unknown, changes: Partial<WorldDescription> = {}) => {
  try {
    return simulate({ ...oneVma, ...changes, tasks } as WorldDescription, generations.v5_14).name;
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
};

describe('a deed that makes no sense is refused', () => {
  const two = { bars: { bar0: 2, bar1: 3 }, vmas: { ...oneVma.vmas, u: { bar: 'bar1', process: 'p' } } };
  test.each([
    ['an unknown vma', munmap('u'), "munmap: there is no vma 'u'; there is v"],
    ['a page beyond it', munmap('v', { first: 2 }), 'munmap: first is 2; the pages of v are 0 to 1'],
    ['too many pages', mprotect('v', 'r', { first: 1, pages: 2 }), 'mprotect: pages is 2; from page 1 on, v has 1'],
    ['no pages', munmap('v', { pages: 0 }), 'munmap: pages is 0; from page 0 on, v has 2'],
    ['a slip', munmap('v', { page: 1 } as never), 'munmap: there is no "page": give first, pages, or both'],
    ['unknown rights', mprotect('v', 'x' as never), "mprotect: rights is 'x': write 'r' or 'rw'"],
    ['a move to itself', mremap('v', 'v'), 'mremap: v cannot come to stand at v: give the new place a name of its own'],
    [
      'a move to nowhere',
      mremap('v', 7 as never),
      /^mremap: the new place is 7: give it a name of letters, digits and _/,
    ],
    ['a move to a number', mremap('v', '1'), /^mremap: the new place is '1': give it a name/],
    ['a mapping of nothing', mmap('u', 'w'), "mmap: there is no vma 'u'; there is v"],
    [
      'a mapping where one is',
      mmap('v', 'v'),
      'mmap: v cannot come to stand at v: give the new place a name of its own',
    ],
    ['a child without a name', fork(7 as never), /^fork: the child is 7: give it a name of letters, digits and _/],
    ['a child that is there', fork('p'), 'fork: there is a process p already: give the child a name of its own'],
    ['a fork of nobody', fork('c', 'q'), "fork: there is no process 'q'; there is p, c"],
    ['the end of nobody', exit('q'), "exit: there is no process 'q'; there is p"],
    ['something after the end', [exit(), fault('v', 0)], /^exit: nothing comes after the end/],
    [
      'the vma of a child, in its parent',
      [fork('c'), fault('c.v', 0)],
      / touches vmas of p and c: a task belongs to one/,
    ],
  ])('%s', (_name, deeds, message) => {
    const said = told({ A: deeds }).replace(/^WorldError: tasks\.A(, )?/, '');
    if (typeof message === 'string') expect(said).toBe(message);
    else expect(said).toMatch(message);
  });
  test('two ends of one process', () => {
    expect(told({ A: exit(), B: exit() })).toMatch(/exit: p ends more than once: let one task end it$/);
  });
  test('two forks of one child', () => {
    expect(told({ A: fork('c'), B: fork('c') })).toMatch(/fork: there is a process c already/);
  });
  test('two moves of different sizes to one place', () => {
    expect(told({ A: mremap('v', 'w'), B: mremap('u', 'w') }, two)).toMatch(
      /^WorldError: tasks.B, mremap: u cannot come to stand at w/,
    );
  });
  test('a move into another process', () => {
    expect(told({ A: fork('c'), B: mremap('c.v', 'v') })).toMatch(/mremap: c.v cannot come to stand at v/);
  });
  test('the vma of a child that nobody forks', () => {
    expect(told({ C: fault('c.v', 0) })).toBe("WorldError: tasks.C, fault: there is no vma 'c.v'; there is v");
  });
  test('too many pages, with those of the copies', () => {
    expect(told({ A: [fork('c'), mremap('v', 'w')] }, { bars: { bar0: 4 } })).toBe(
      'WorldError: the vmas, and c.v, w, c.w, map 16 pages: at most 8 can be explored; make a BAR smaller',
    );
  });
  test('a task beside a fork that is no deed', () =>
    expect(told({ A: fork('c'), B: 7 })).toMatch(/tasks.B is 7: use /));
});

describe('deeds are told as they are written', () => {
  test.each([
    [munmap('v'), 'munmap(v)'],
    [munmap('v', { first: 1, pages: 1 }), 'munmap(v[1])'],
    [munmap('v', { first: 0, pages: 2 }), 'munmap(v[0..1])'],
    [munmap('v', { first: 1 }), 'munmap(v[1..])'],
    [mprotect('v', 'r'), 'mprotect(v, r)'],
    [mprotect('v', 'rw', { pages: 1 }), 'mprotect(v[0], rw)'],
    [mremap('v', 'w'), 'mremap(v, w)'],
    [mmap('v', 'w'), 'mmap(v, w)'],
    [fork('c'), 'fork(c)'],
    [fork('c', 'p'), 'fork(c, p)'],
    [exit(), 'exit()'],
    [exit('p'), 'exit(p)'],
  ])('%#: %s', (deed, name) => expect(told({ A: deed })).toBe(`v5.14: A ${name}`));
});
