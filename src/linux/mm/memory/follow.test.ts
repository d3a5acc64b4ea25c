/** Reading entries: facts, 2.9. */

import { describe, expect, test } from 'vitest';
import { explore, write } from '#explore';
import { PAGE_SIZE } from '../../arch/x86/include/asm/page_types.ts';
import { _PAGE_PRESENT, _PAGE_PSE, _PAGE_RW, pfn_pte, TABLE } from '../../arch/x86/include/asm/pgtable.ts';
import type { WorldDescription } from '../../description.ts';
import { generations } from '../../drivers/vfio/pci/generations/index.ts';
import { EINVAL } from '../../include/linux/errno.ts';
import { VM_IO, VM_PFNMAP } from '../../include/linux/mm.ts';
import type { vm_area_struct } from '../../include/linux/mm_types.ts';
import type { Kernel } from '../../kernel.ts';
import type { Machine } from '../../machine.ts';
import { programOf } from '../../testing.ts';
import { follow_pfn, follow_pfnmap_end, follow_pfnmap_start, follow_pte, pte_unmap_unlock } from './follow.ts';
import { vmf_insert_pfn } from './insert.ts';
import { allocateTables, type Path, pathTo } from './tables.ts';

/** A driver of huge pages, so that a leaf may stand at any level. */
const huge = {
  ...generations.v5_14,
  vm_ops: {
    ...generations.v5_14.vm_ops,
    *huge_fault() {
      return 0;
    },
  },
};

/** What `code` returns, or what went wrong: the vma, its first address, and the path to that. */
function from(
  code: (vma: vm_area_struct, address: number, path: Path) => Kernel<unknown>,
  changes: Partial<WorldDescription> = {},
) {
  let value: unknown;
  const ofV = ({ vmas }: Machine) => vmas.v as vm_area_struct;
  const program = programOf(
    { A: (machine) => code(ofV(machine), ofV(machine).vm_start, pathTo(ofV(machine).vm_mm, ofV(machine).vm_start)!) },
    changes,
    (_machine, now) => {
      value = now.returned('A');
      return '';
    },
    huge,
  );
  const { violation } = explore(program);
  return violation ? `${violation.kind}: ${violation.message}` : value;
}

function* insert(vma: vm_area_struct, address: number, path: Path): Kernel {
  yield* allocateTables(vma.vm_mm, path);
  yield* vmf_insert_pfn(vma, address, vma.vm_pgoff);
}
/** A leaf of 2 MiB or 1 GiB, whose first frame is so far before the vma's as the vma is into it. */
const leaf = (pfn: number, more = 0) => pfn_pte(pfn, _PAGE_PRESENT | _PAGE_PSE | more);

describe('follow_pte', () => {
  test('returns the entry with ptl held', () => {
    const found = from(function* (vma, address, path) {
      yield* insert(vma, address, path);
      const followed = yield* follow_pte(vma.vm_mm, address);
      return typeof followed === 'number' ? followed : followed.ptep.name;
    });
    expect(found).toMatch(/^lock misuse: .*ptl of v/);
  });
  test('and after pte_unmap_unlock nothing', () => {
    const found = from(function* (vma, address, path) {
      yield* insert(vma, address, path);
      const followed = yield* follow_pte(vma.vm_mm, address);
      if (typeof followed === 'number') return followed;
      yield* pte_unmap_unlock(followed);
      return followed.ptep.name;
    });
    expect(found).toBe('v[0]');
  });
  test('-EINVAL where a level is missing, at each level', () => {
    const at = (upto: number) =>
      from(
        function* (vma, address, { pgd, pud, pmd }) {
          for (const { value } of [pgd, pud, pmd].slice(0, upto)) yield* write(value!, TABLE);
          return yield* follow_pte(vma.vm_mm, address);
        },
        { pageTables: 'on demand' },
      );
    expect([0, 1, 2].map(at)).toEqual([-EINVAL, -EINVAL, -EINVAL]);
  });
  test('-EINVAL for an entry that is not present, and ptl given back', () => {
    expect(
      from(function* (vma, address, path) {
        yield* allocateTables(vma.vm_mm, path);
        return yield* follow_pte(vma.vm_mm, address);
      }),
    ).toBe(-EINVAL);
  });
  test('BUGs at a huge PMD', () => {
    const found = from(function* (vma, address, path) {
      yield* allocateTables(vma.vm_mm, path);
      yield* write(path.pmd.value!, leaf(0x200));
      return yield* follow_pte(vma.vm_mm, address);
    });
    expect(found).toMatch(/^bug: VM_BUG_ON/);
  });
});

describe('follow_pfn', () => {
  const ofFlags = (flags: (vm_flags: number) => number) =>
    from(function* (vma, address, path) {
      yield* insert(vma, address, path);
      return (yield* follow_pfn({ ...vma, vm_flags: flags(vma.vm_flags) }, address)) - vma.vm_pgoff;
    });
  test('the frame, with ptl given back', () => expect(ofFlags((flags) => flags)).toBe(0));
  test('VM_IO or VM_PFNMAP will do, neither is -EINVAL', () => {
    expect(ofFlags((flags) => flags & ~VM_IO)).toBe(0);
    expect(ofFlags((flags) => flags & ~VM_PFNMAP)).toBe(0);
    expect(ofFlags((flags) => flags & ~(VM_IO | VM_PFNMAP))).toBeLessThan(0);
  });
  test('says nothing of protection: a read-only entry as any other', () => {
    const found = from(function* (vma, address, path) {
      yield* allocateTables(vma.vm_mm, path);
      yield* write(path.pte, pfn_pte(0x40000, _PAGE_PRESENT));
      return yield* follow_pfn(vma, address);
    });
    expect(found).toBe(0x40000);
  });
  test('-EINVAL where nothing is mapped', () => {
    expect(from((vma, address) => follow_pfn(vma, address))).toBe(-EINVAL);
  });
});

describe('follow_pfnmap_start', () => {
  function* told(vma: vm_area_struct, address: number): Kernel<unknown> {
    const args = yield* follow_pfnmap_start(vma, address);
    if (typeof args === 'number') return args;
    yield* follow_pfnmap_end(args);
    const { lock: _, ...rest } = args;
    return rest;
  }
  const bare = (_vma: vm_area_struct, _address: number, path: Path) => write(path.pte, pfn_pte(0x40000, _PAGE_PRESENT));
  const foundAfter = (
    make: (vma: vm_area_struct, address: number, path: Path) => Kernel,
    look: (vma: vm_area_struct, address: number) => Kernel<unknown> = told,
  ) =>
    from(function* (vma, address, path) {
      yield* allocateTables(vma.vm_mm, path);
      yield* make(vma, address, path);
      return yield* look(vma, address);
    });

  test('a lowest entry: frame, writable, special', () => {
    expect(foundAfter(insert)).toEqual({ pfn: 0x40000, writable: true, special: true, addr_mask: ~0xfff });
    expect(foundAfter(bare)).toEqual({ pfn: 0x40000, writable: false, special: false, addr_mask: ~0xfff });
  });
  test('a PMD leaf: the frame of the address itself', () => {
    const made = foundAfter(
      (_vma, _address, { pmd }) => write(pmd.value!, leaf(0x200, _PAGE_RW)),
      (vma, address) => told(vma, address + PAGE_SIZE),
    );
    expect(made).toEqual({ pfn: 0x201, writable: true, special: false, addr_mask: ~0x1fffff });
  });
  test('a PUD leaf likewise', () => {
    const made = foundAfter((_vma, _address, { pud }) => write(pud.value!, leaf(0x40000)));
    // The vma begins 0x10000000 bytes into its first GiB.
    expect(made).toEqual({ pfn: 0x40000 + 0x10000, writable: false, special: false, addr_mask: ~0x3fffffff });
  });
  test.each(['pte', 'pmd', 'pud'] as const)('holds the lock of its level until follow_pfnmap_end: %s', (level) => {
    const found = foundAfter(
      (vma, address, path) => (level === 'pte' ? insert(vma, address, path) : write(path[level].value!, leaf(0x40000))),
      follow_pfnmap_start,
    );
    const names = { pte: 'ptl of v', pmd: 'pmd lock of v', pud: 'page_table_lock' };
    expect(found).toMatch(new RegExp(`^lock misuse: .*${names[level]}`));
  });
  test('-EINVAL: outside the vma, not VM_IO nor VM_PFNMAP, nothing mapped', () => {
    expect(foundAfter(insert, (vma) => told(vma, vma.vm_end))).toBe(-EINVAL);
    const bareFlags = (vma: vm_area_struct) => ({ ...vma, vm_flags: vma.vm_flags & ~(VM_IO | VM_PFNMAP) });
    expect(foundAfter(insert, (vma, address) => told(bareFlags(vma), address))).toBe(-EINVAL);
    expect(from((vma, address) => told(vma, address))).toBe(-EINVAL);
  });
  test('looks again under the lock: a leaf that was split meanwhile is followed below', () => {
    const program = programOf(
      {
        A: function* ({ vmas }) {
          const vma = vmas.v as vm_area_struct;
          return JSON.stringify(yield* told(vma, vma.vm_start));
        },
        B: function* ({ vmas }) {
          const { vm_mm, vm_start } = vmas.v as vm_area_struct;
          const { pgd, pud, pmd } = pathTo(vm_mm, vm_start)!;
          yield* write(pud.value!, leaf(0x40000));
          yield* write(pud.value!, 0);
          yield* allocateTables(vm_mm, { pgd, pud, pmd });
        },
      },
      {},
      (_machine, now) => `${now.returned('A')}`,
      huge,
    );
    const found = explore(program, { stopAt: 'never' });
    expect(Object.keys(found.outcomes)).toEqual(['-22', expect.stringContaining('"pfn":327680')]);
    expect(found.violations.map(({ message }) => message)).toEqual([]);
  });
});
