import { describe, expect, test } from 'vitest';
import { type Allocatable, allocate, type Cell, explore, replay, type Snapshot } from '#explore';
import { PAGE_SIZE } from '../../../../arch/x86/include/asm/page_types.ts';
import {
  _PAGE_ENC,
  _PAGE_PCD,
  _PAGE_PRESENT,
  _PAGE_RW,
  _PAGE_USER,
  pte_write,
} from '../../../../arch/x86/include/asm/pgtable.ts';
import { fault, mmap, mprotect } from '../../../../deeds/index.ts';
import type { WorldDescription } from '../../../../description.ts';
import { EBUSY, EINVAL, ENOMEM } from '../../../../include/linux/errno.ts';
import * as mm_h from '../../../../include/linux/mm.ts';
import type { vm_area_struct } from '../../../../include/linux/mm_types.ts';
import { VFIO_PCI_INDEX_TO_OFFSET } from '../../../../include/linux/vfio_pci_core.ts';
import {
  VFIO_PCI_CONFIG_REGION_INDEX,
  VFIO_PCI_NUM_REGIONS,
  VFIO_PCI_ROM_REGION_INDEX,
  VFIO_PCI_VGA_REGION_INDEX,
} from '../../../../include/uapi/linux/vfio.ts';
import type { Machine } from '../../../../machine.ts';
import type { Picture } from '../../../../picture.ts';
import { ends, oneVma, operationsOf, outcomesOf, run } from '../../../../testing.ts';
import { shapeNow } from '../../../../vma.ts';
import { simulate } from '../../../../world.ts';
import { generations } from '../generations/index.ts';
import type { vfio_pci_core_device } from '../vfio_pci_core.ts';
import { type MappingVma, vfio_pci_core_mmap } from './mmap.ts';

const START = 0x20000000;
const PRIVATE = mm_h.VM_READ | mm_h.VM_WRITE;

interface Asked {
  readonly index?: number;
  readonly page?: number;
  readonly pages?: number;
  readonly flags?: number;
  /** What of the device is different. */
  readonly device?: Partial<vfio_pci_core_device>;
}

/** What a user asks to map: the two pages of BAR 0, shared, unless said otherwise. */
function vmaFor({ index = 0, page = 0, pages = 2, flags = PRIVATE | mm_h.VM_SHARED }: Asked): MappingVma {
  return {
    vm_start: START,
    vm_end: START + pages * PAGE_SIZE,
    vm_pgoff: VFIO_PCI_INDEX_TO_OFFSET(index) / PAGE_SIZE + page,
    vm_flags: flags,
    vm_page_prot: _PAGE_PRESENT | _PAGE_RW | _PAGE_ENC,
    vm_ops: null,
    vm_private_data: null,
  };
}

/** A BAR that the kernel has not mapped yet. */
const unusedBar: Allocatable<{ isMapped: Cell<boolean> }> = {
  name: 'a BAR',
  fields: (declare) => ({ isMapped: declare<boolean>(false, 'barmap') }),
};

const asking = (asked: Asked) =>
  function* ({ vdev, driver }: Machine) {
    return yield* vfio_pci_core_mmap({ ...vdev, ...asked.device }, vmaFor(asked), driver);
  };
const answer = (asked: Asked, changes: Partial<WorldDescription> = {}) => run(asking(asked), changes);

/** The object, and which of its properties are looked at, in order. */
function watched<T extends object>(whose: string, seen: string[], object: T): T {
  return new Proxy(object, {
    get(target, key, receiver) {
      seen.push(`${whose}${String(key)}`);
      return Reflect.get(target, key, receiver);
    },
  });
}

/** What an `mmap` looks at before it answers, each once, and its answer: of two things that are wrong, the later is not looked at. */
function looked(asked: Asked, changes: Partial<WorldDescription> = {}): string[] {
  const seen: string[] = [];
  const answered = run(function* ({ vdev, driver }) {
    const device = watched('', seen, { ...vdev, ...asked.device });
    const vma = watched('', seen, { ...vmaFor(asked) });
    return yield* vfio_pci_core_mmap(device, vma, driver);
  }, changes);
  return [...new Set(seen), String(answered)];
}
const refused = String(-EINVAL);

describe('mmap: order of checks', () => {
  const own = VFIO_PCI_NUM_REGIONS;
  const opless = { region: [{}] };
  const unmappable = { bar_mmap_supported: [false] };
  const unusable = { fail: { A: { allocations: [1] } } };
  const toTheFlags = ['vm_pgoff', 'region', 'vm_flags'];
  const toTheBar = [...toTheFlags, 'bar_mmap_supported', 'pdev', 'vm_end', 'vm_start'];

  test('3.6 unknown region: comes before not VM_SHARED', () => {
    expect(looked({ index: own, flags: PRIVATE })).toEqual(['vm_pgoff', 'region', refused]);
  });
  test('3.6 not VM_SHARED: comes before a device-specific region', () => {
    const asked = { index: own, flags: PRIVATE, device: opless };
    expect(looked(asked)).toEqual([...toTheFlags, refused]);
  });
  test('3.6 device-specific region: comes before ROM, config and VGA, which no such region is', () => {
    expect(looked({ index: own, device: { ...opless, ...unmappable } })).toEqual([...toTheFlags, refused]);
  });
  test('3.6 ROM, config, VGA: come before not mappable', () => {
    for (const index of [VFIO_PCI_ROM_REGION_INDEX, VFIO_PCI_CONFIG_REGION_INDEX, VFIO_PCI_VGA_REGION_INDEX])
      expect(looked({ index, device: unmappable })).toEqual([...toTheFlags, refused]);
  });
  test('3.6 not mappable: comes before beyond the BAR', () => {
    expect(looked({ pages: 3, device: unmappable })).toEqual([...toTheFlags, 'bar_mmap_supported', refused]);
  });
  test('3.6 beyond the BAR: comes before the first use', () => {
    expect(looked({ pages: 3, device: { barmap: [false] } }, unusable)).toEqual([...toTheBar, refused]);
  });
  test('3.6 first use: comes before anything is set', () => {
    const steps = looked({ device: { barmap: [false] } }, unusable);
    expect(steps).toEqual([...toTheBar, 'name', 'barmap', String(-EBUSY)]);
  });
  test('3.6 unknown region: -EINVAL', () => {
    expect(answer({ index: VFIO_PCI_NUM_REGIONS })).toBe(-EINVAL);
    expect(answer({ index: VFIO_PCI_NUM_REGIONS, flags: PRIVATE })).toBe(-EINVAL);
  });
  test('3.6 not VM_SHARED: -EINVAL', () => expect(answer({ flags: PRIVATE })).toBe(-EINVAL));
  test('3.6 not VM_SHARED: is looked at before a region of the device’s own is asked', () => {
    const mmap = function* () {
      return 7;
    };
    const device = { region: [{ mmap }] };
    expect(answer({ index: VFIO_PCI_NUM_REGIONS, flags: PRIVATE, device })).toBe(-EINVAL);
    expect(answer({ index: VFIO_PCI_NUM_REGIONS, device })).toBe(7);
  });
  test('3.6 device-specific region: without an op: -EINVAL', () => {
    expect(answer({ index: VFIO_PCI_NUM_REGIONS, device: { region: [{}] } })).toBe(-EINVAL);
  });
  test.each([
    ['ROM', VFIO_PCI_ROM_REGION_INDEX],
    ['config', VFIO_PCI_CONFIG_REGION_INDEX],
    ['VGA', VFIO_PCI_VGA_REGION_INDEX],
  ])('3.6 ROM, config, VGA: %s: -EINVAL', (_name, index) => expect(answer({ index })).toBe(-EINVAL));
  test('3.6 not mappable: -EINVAL', () => {
    expect(answer({ device: { bar_mmap_supported: [false] } })).toBe(-EINVAL);
    expect(answer({ index: 1 })).toBe(-EINVAL);
  });
  test.each([
    [0, 3, -EINVAL],
    [1, 2, -EINVAL],
    [2, 1, -EINVAL],
    [1, 1, 0],
    [0, 2, 0],
  ])('3.6 beyond the BAR: offset + length: page %d, %d pages: %d', (page, pages, expected) => {
    expect(answer({ page, pages })).toBe(expected);
  });

  describe('3.6 first use', () => {
    const unused = (failing: number[], asked: Asked = {}) =>
      run(
        function* (machine) {
          const { isMapped } = yield* allocate(unusedBar);
          const barmap = [isMapped];
          return yield* asking({ ...asked, device: { ...asked.device, barmap } })(machine);
        },
        failing.length > 0 ? { fail: { A: { allocations: failing } } } : {},
      );
    test('requests the PCI region; errors passed up: -EBUSY', () => expect(unused([1])).toBe(-EBUSY));
    test('and maps it for the kernel; errors passed up: -ENOMEM', () => expect(unused([2])).toBe(-ENOMEM));
    test('neither fails', () => expect(unused([3])).toBe(0));
    test('only after all checks', () => expect(unused([1], { pages: 3 })).toBe(-EINVAL));
    test('not at a later use', () => expect(answer({}, { fail: { A: { allocations: [1, 2] } } })).toBe(0));
  });
});

describe('mmap: what it sets', () => {
  const prepared = (kernel: string, page = 0, memory: 'enabled' | 'disabled' = 'enabled', by = generations.v5_14) => {
    let vma = vmaFor({});
    run(
      function* ({ vdev, driver }) {
        vma = vmaFor({ page, pages: 1 });
        return yield* vfio_pci_core_mmap(vdev, vma, driver);
      },
      { kernel, memory },
      by,
    );
    return vma;
  };
  const bare = PRIVATE | mm_h.VM_SHARED;
  const flags = bare | mm_h.VM_IO | mm_h.VM_PFNMAP | mm_h.VM_DONTEXPAND | mm_h.VM_DONTDUMP;

  test('3.6 private data: is the device, beside the vm_ops', () => {
    const vma = prepared('6.1');
    expect([vma.vm_private_data?.name, vma.vm_ops]).toEqual(['vdev', generations.v5_14.vm_ops]);
  });
  test('3.6 protection: non-cached; 6.10+: also decrypted', () => {
    const noncached = _PAGE_PRESENT | _PAGE_RW | _PAGE_PCD;
    expect(prepared('6.9').vm_page_prot).toBe(noncached | _PAGE_ENC);
    expect(prepared('6.10').vm_page_prot).toBe(noncached);
  });
  test('3.6 page offset: up to 6.9 := physical PFN', () => {
    expect(prepared('6.9', 1).vm_pgoff).toBe(0x40001);
    expect(prepared('6.10', 1, 'enabled', generations.v6_10).vm_pgoff).toBe(1);
  });
  test('3.6 flags: VM_IO, VM_PFNMAP, VM_DONTEXPAND, VM_DONTDUMP', () => expect(prepared('6.11').vm_flags).toBe(flags));
  test('3.6 flags: 6.12: also VM_ALLOW_ANY_UNCACHED', () => {
    expect(prepared('6.12').vm_flags).toBe(flags + mm_h.VM_ALLOW_ANY_UNCACHED);
    expect(prepared('6.12').vm_flags & mm_h.VM_PFNMAP).toBe(mm_h.VM_PFNMAP);
  });
  test.each(['v5_14', 'v6_10'] as const)('3.6 nothing populated: %s: no entry, and no vma on the list', (driver) => {
    const world = { ...oneVma, tasks: { A: mmap('v', 'w') } };
    const last = replay(simulate(world, generations[driver]), '').steps.at(-1)?.picture as Picture | undefined;
    const lowest = last?.tables.filter(({ level }) => level === 'pte').flatMap(({ entries }) => entries) ?? [];
    expect(lowest.map(({ name, text }) => `${name} ${text}`)).toEqual(['v[0] ', 'v[1] ', 'w[0] ', 'w[1] ']);
    expect(last?.list).toEqual([]);
  });
  test('3.6 nothing populated: before v5.8 all of it is', () => {
    const world = { ...oneVma, tasks: { A: mmap('v', 'w') } };
    const steps = operationsOf(world, 'A', '', generations.eager);
    expect(steps.filter((operation) => operation.startsWith('set_pte'))).toEqual([
      'set_pte_at(w[0])',
      'set_pte_at(w[1])',
    ]);
  });
  test('3.6 nothing populated: memory-enable is not tested: mmap of a disabled device succeeds, touching it faults', () => {
    expect(prepared('6.1', 0, 'disabled').vm_ops).not.toBeNull();
    expect(outcomesOf({ ...oneVma, memory: 'disabled', tasks: { A: fault('v', 0) } })).toEqual(['A SIGBUS']);
  });

  describe('a vma that is there at boot is as the method leaves one', () => {
    const asBooted = (changes: Partial<WorldDescription>, by = generations.v5_14) =>
      run(
        function* ({ vmas }: Machine) {
          const { vm_flags, vm_page_prot, vm_pgoff } = vmas.v as vm_area_struct;
          return [vm_flags, vm_page_prot, vm_pgoff].map((each) => each.toString(16)).join(' ');
        },
        changes,
        by,
      );
    const may = mm_h.VM_MAYREAD | mm_h.VM_MAYWRITE | mm_h.VM_MAYSHARE;
    const prot = _PAGE_PRESENT | _PAGE_RW | _PAGE_USER | _PAGE_PCD;
    const hex = (...numbers: number[]) => numbers.map((each) => each.toString(16)).join(' ');
    const readOnly = { vmas: { v: { bar: 'bar0', process: 'p', prot: 'read' } } } as const;

    test('3.6 flags: and the protection and the page offset: until v6.9, since v6.10, since v6.12', () => {
      expect(asBooted({ kernel: '6.1' })).toBe(hex(flags | may, prot, 0x40000));
      expect(asBooted({ kernel: '6.10' }, generations.v6_10)).toBe(hex(flags | may, prot, 0));
      const since = hex((flags | may) + mm_h.VM_ALLOW_ANY_UNCACHED, prot, 0);
      expect(asBooted({ kernel: '6.12' }, generations.v6_12)).toBe(since);
    });
    test('3.6 page offset: goes by the driver, whose handler takes it so, under whichever kernel', () => {
      expect(asBooted({ kernel: '6.10' })).toBe(hex(flags | may, prot, 0x40000));
      expect(asBooted({ kernel: '6.1' }, generations.v6_10)).toBe(hex(flags | may, prot, 0));
    });
    test('one that may only be read', () => {
      expect(asBooted(readOnly)).toBe(hex((flags | may) & ~mm_h.VM_WRITE, prot & ~_PAGE_RW, 0x40000));
    });
    test('before v5.8 its entries allow what it allows', () => {
      const isWritable = (changes: Partial<WorldDescription>) =>
        ends(
          { A: function* () {} },
          ({ pages }, now) => String(pages.every(({ pte }) => pte_write(now.get(pte)))),
          changes,
          generations.eager,
        );
      expect([isWritable({}), isWritable(readOnly)]).toEqual([['true'], ['false']]);
    });
    test('flags beyond 32 bits stay when others change', () => {
      const world = { ...oneVma, kernel: '6.12', tasks: { A: [mprotect('v', 'r'), mprotect('v', 'rw')] } };
      let shape = '';
      const program = simulate(world, generations.v6_12);
      const outcome = ({ vmas }: Machine, now: Snapshot) => {
        shape = hex(shapeNow(vmas.v as vm_area_struct, now).vm_flags);
        return '';
      };
      explore({ ...program, outcome });
      expect(shape).toBe(hex((flags | may) + mm_h.VM_ALLOW_ANY_UNCACHED));
    });
  });
});
