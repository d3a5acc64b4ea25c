import { describe, expect, test } from 'vitest';
import type { Snapshot } from '#explore';
import { PAGE_SIZE } from '../../arch/x86/include/asm/page_types.ts';
import { VM_PFNMAP } from '../../include/linux/mm.ts';
import type { vm_area_struct } from '../../include/linux/mm_types.ts';
import { vm_area_free } from '../../kernel/fork.ts';
import type { Kernel } from '../../kernel.ts';
import type { Machine } from '../../machine.ts';
import { ends, run } from '../../testing.ts';
import { vmf_insert_pfn } from './insert.ts';
import { zap_vma_ptes } from './zap.ts';

const v = ({ vmas }: Machine) => vmas.v as vm_area_struct;

function* fill(machine: Machine): Kernel {
  const { vm_start, vm_pgoff } = v(machine);
  for (const page of [0, 1]) yield* vmf_insert_pfn(v(machine), vm_start + page * PAGE_SIZE, vm_pgoff + page);
}

const table = (machine: Machine, now: Snapshot) => machine.pages.map(({ pte }) => (now.get(pte) ? '+' : '-')).join('');

/** What is left of a full table of two pages. */
const left = (from: number, pages: number, change = (vma: vm_area_struct) => vma) =>
  ends(
    {
      A: function* (machine) {
        yield* fill(machine);
        yield* zap_vma_ptes(change(v(machine)), v(machine).vm_start + from * PAGE_SIZE, pages * PAGE_SIZE);
      },
    },
    table,
  );

describe('2.8: zap_vma_ptes', () => {
  test('clears the range', () => expect(left(0, 2)).toEqual(['--']));
  test('clears a part', () => expect(left(1, 1)).toEqual(['+-']));
  test('does nothing, silently, for a range that is not all in the vma', () => {
    expect(left(0, 3)).toEqual(['++']);
    expect(left(-1, 1)).toEqual(['++']);
  });
  test('does nothing, silently, for a vma that is not VM_PFNMAP', () => {
    expect(left(0, 2, (vma) => ({ ...vma, vm_flags: vma.vm_flags & ~VM_PFNMAP }))).toEqual(['++']);
  });
  test('finds nothing to clear where there are no tables yet', () => {
    const code = (machine: Machine) => zap_vma_ptes(v(machine), v(machine).vm_start, 2 * PAGE_SIZE);
    expect(ends({ A: code }, table, { pageTables: 'on demand' })).toEqual(['--']);
  });
  test('a freed vma is used after free', () => {
    const code = function* (machine: Machine) {
      yield* vm_area_free(v(machine));
      yield* zap_vma_ptes(v(machine), v(machine).vm_start, PAGE_SIZE);
    };
    expect(run(code)).toMatch(/^use after free: vm_area_struct v/);
  });
});
