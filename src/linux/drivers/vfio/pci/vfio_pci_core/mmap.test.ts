import { describe, expect, test } from 'vitest';
import { type Allocatable, allocate, type Cell } from '#explore';
import { PAGE_SIZE } from '../../../../arch/x86/include/asm/page_types.ts';
import { _PAGE_ENC, _PAGE_PCD, _PAGE_PRESENT, _PAGE_RW } from '../../../../arch/x86/include/asm/pgtable.ts';
import { fault } from '../../../../deeds/index.ts';
import type { WorldDescription } from '../../../../description.ts';
import { EBUSY, EINVAL, ENOMEM } from '../../../../include/linux/errno.ts';
import * as mm_h from '../../../../include/linux/mm.ts';
import { VFIO_PCI_INDEX_TO_OFFSET } from '../../../../include/linux/vfio_pci_core.ts';
import {
  VFIO_PCI_CONFIG_REGION_INDEX,
  VFIO_PCI_NUM_REGIONS,
  VFIO_PCI_ROM_REGION_INDEX,
  VFIO_PCI_VGA_REGION_INDEX,
} from '../../../../include/uapi/linux/vfio.ts';
import type { Machine } from '../../../../machine.ts';
import { oneVma, outcomesOf, run } from '../../../../testing.ts';
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

describe('mmap: order of checks', () => {
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
  const prepared = (kernel: string, page = 0, memory: 'enabled' | 'disabled' = 'enabled') => {
    let vma = vmaFor({});
    run(
      function* ({ vdev, driver }) {
        vma = vmaFor({ page, pages: 1 });
        return yield* vfio_pci_core_mmap(vdev, vma, driver);
      },
      { kernel, memory },
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
    expect(prepared('6.10', 1).vm_pgoff).toBe(1);
  });
  test('3.6 flags: VM_IO, VM_PFNMAP, VM_DONTEXPAND, VM_DONTDUMP', () => expect(prepared('6.11').vm_flags).toBe(flags));
  test('3.6 flags: 6.12: also VM_ALLOW_ANY_UNCACHED', () => {
    expect(prepared('6.12').vm_flags).toBe(flags + mm_h.VM_ALLOW_ANY_UNCACHED);
    expect(prepared('6.12').vm_flags & mm_h.VM_PFNMAP).toBe(mm_h.VM_PFNMAP);
  });
  test('3.6 nothing populated: memory-enable is not tested: mmap of a disabled device succeeds, touching it faults', () => {
    expect(prepared('6.1', 0, 'disabled').vm_ops).not.toBeNull();
    expect(outcomesOf({ ...oneVma, memory: 'disabled', tasks: { A: fault('v', 0) } })).toEqual(['A SIGBUS']);
  });
});
