import { describe, expect, test } from 'vitest';
import { replay } from '#explore';
import { PAGE_SIZE } from './arch/x86/include/asm/page_types.ts';
import { _PAGE_PCD, _PAGE_RW } from './arch/x86/include/asm/pgtable.ts';
import { disableMemory, exit, fault, fork, mprotect, mremap, munmap } from './deeds/index.ts';
import { generations } from './drivers/vfio/pci/generations/index.ts';
import { VM_READ, VM_WRITE } from './include/linux/mm.ts';
import type { mm_struct, vm_area_struct } from './include/linux/mm_types.ts';
import { mmap_read_lock, mmap_read_unlock, mmap_write_lock, mmap_write_unlock } from './include/linux/mmap_lock.ts';
import { vm_area_dup, vm_area_free } from './kernel/fork.ts';
import type { Machine } from './machine.ts';
import { ends, oneVma, run } from './testing.ts';
import { look, lookAs, reshape, shapeNow } from './vma.ts';
import { simulate } from './world.ts';

/** A world whose vmas may change. */
const changing = { tasks: { A: fault('v', 0), B: fault('v', 0), M: mprotect('v', 'r') } };
const v = ({ vmas }: Machine) => vmas.v as vm_area_struct;
const start = 0x10000000;

describe('what a task sees of a vma that may change', () => {
  test('before its first look: what it was at boot', () => {
    expect(run((machine) => seenAfter(machine, false), changing)).toBe(start + 2 * PAGE_SIZE);
  });
  test('its own change, at once', () => {
    expect(run((machine) => seenAfter(machine, true), changing)).toBe(start + PAGE_SIZE);
  });
  function* seenAfter(machine: Machine, isChanged: boolean) {
    if (isChanged) yield* reshape(v(machine), { vm_end: start + PAGE_SIZE });
    return v(machine).vm_end;
  }

  test("another task's change, from its next look on and not before", () => {
    const told = ends(
      {
        *A(machine) {
          yield* mmap_read_lock(v(machine).vm_mm);
          yield* look(v(machine));
          const first = v(machine).vm_end - start;
          yield* mmap_read_unlock(v(machine).vm_mm);
          yield* mmap_read_lock(v(machine).vm_mm);
          const before = v(machine).vm_end - start;
          yield* look(v(machine));
          yield* mmap_read_unlock(v(machine).vm_mm);
          return [first, before, v(machine).vm_end - start].map((size) => size / PAGE_SIZE).join('');
        },
        *B(machine) {
          yield* mmap_write_lock(v(machine).vm_mm);
          yield* reshape(v(machine), { vm_end: start + PAGE_SIZE });
          yield* mmap_write_unlock(v(machine).vm_mm);
        },
      },
      (_machine, now) => String(now.returned('A')),
      changing,
    );
    expect(told).toEqual(['111', '221', '222']);
  });
  test('a look without mmap_lock is a data race', () => {
    const told = ends(
      { A: (machine) => look(v(machine)), B: (machine) => reshape(v(machine), { vm_end: start + PAGE_SIZE }) },
      () => '',
      changing,
    );
    expect(told).toContainEqual(expect.stringMatching(/^data race/));
  });
  test('lookAs tells one thing, and changes nothing of what it sees', () => {
    const told = run(function* (machine) {
      const flags = yield* lookAs(v(machine), ({ vm_flags }) => vm_flags & VM_READ);
      return flags + v(machine).vm_end;
    }, changing);
    expect(told).toBe(VM_READ + start + 2 * PAGE_SIZE);
  });
  test('vm_page_prot goes with the flags, and stays uncached', () => {
    const protections = run(function* (machine) {
      const before = v(machine).vm_page_prot;
      yield* reshape(v(machine), { vm_flags: v(machine).vm_flags & ~VM_WRITE });
      const after = v(machine).vm_page_prot;
      return `${before & _PAGE_RW} ${after & _PAGE_RW} ${before & _PAGE_PCD} ${after & _PAGE_PCD}`;
    }, changing);
    expect(protections).toBe(`${_PAGE_RW} 0 ${_PAGE_PCD} ${_PAGE_PCD}`);
  });
  test('a freed one covers nothing', () => {
    const told = ends(
      { A: (machine) => vm_area_free(v(machine)) },
      (machine, now) => String(shapeNow(v(machine), now).vm_end),
      changing,
    );
    expect(told).toEqual(['0']);
  });
});

describe('a copy', () => {
  test('is what the original was when it was copied, and has a name of its own', () => {
    const told = run(function* (machine) {
      yield* reshape(v(machine), { vm_end: start + PAGE_SIZE });
      const copy = (yield* vm_area_dup(v(machine), v(machine).vm_mm)) as vm_area_struct;
      yield* reshape(v(machine), { vm_end: start + 2 * PAGE_SIZE });
      return `${copy.name} ${(copy.vm_end - copy.vm_start) / PAGE_SIZE}`;
    }, changing);
    expect(told).toBe("v' 1");
  });
  test.each([
    ['in a child', 'c', 0, 'c.v in c'],
    ['of a part, in a child', 'c', PAGE_SIZE, "c.v' in c"],
    ['at a place that has a name', 'p', 0x200000, 'w in p'],
  ])('%s is named after where it is', (_name, process, offset, expected) => {
    const told = run(
      function* (machine) {
        const mm = machine.processes[process] as mm_struct;
        const copy = yield* vm_area_dup(v(machine), mm, start + offset);
        return `${copy?.name} in ${copy?.vm_mm.name}`;
      },
      { tasks: { A: [fork('c'), mremap('v', 'w')] } },
    );
    expect(told).toBe(expected);
  });
});

describe('a world that reshapes nothing', () => {
  test('has no state for it: its vmas are plain data', () => {
    const plain = run(function* (machine) {
      yield* look(v(machine));
      return `${v(machine).shape} ${Object.getOwnPropertyDescriptor(v(machine), 'vm_end')?.value === v(machine).vm_end}`;
    });
    expect(plain).toBe('null true');
  });
  test('and refuses to reshape one, or to copy it', () => {
    expect(run((machine) => reshape(v(machine), { vm_end: 0 }))).toContain('v cannot change: no deed of this world');
    expect(run((machine) => vm_area_dup(v(machine), v(machine).vm_mm))).toContain('v cannot be copied into p');
  });
  test('looks at none', () => {
    const tasks = { A: fault('v', 0), M: munmap('v'), Z: disableMemory() };
    const looks = replay(simulate({ ...oneVma, tasks }, generations.v5_14), '').steps.flatMap(({ plain }) =>
      plain.filter(({ operation }) => /look|reshape/.test(operation)),
    );
    expect(looks).toEqual([]);
  });
  test.each([
    ['a whole munmap', munmap('v'), false],
    ['a munmap of a part', munmap('v', { first: 1 }), true],
    ['a whole munmap, told by its pages', munmap('v', { first: 0, pages: 2 }), false],
    ['mprotect', mprotect('v', 'r'), true],
    ['mremap', mremap('v', 'w'), true],
    ['fork', fork('c'), true],
    ['exit', exit(), false],
  ])('%s: %s', (_name, deed, isReshaped) => {
    const told = run(
      function* ({ processes }) {
        return processes.p?.isReshaped;
      },
      { tasks: { A: deed } },
    );
    expect(told).toBe(isReshaped);
  });
});
