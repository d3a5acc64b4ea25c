import { expect, test } from 'vitest';
import { VFIO_PCI_INDEX_TO_OFFSET, VFIO_PCI_OFFSET_TO_INDEX } from './vfio_pci_core.ts';

test.each([0, 1, 5, 6, 8])('region %d: its first byte, its last, and the one before', (index) => {
  const start = VFIO_PCI_INDEX_TO_OFFSET(index);
  expect(start).toBe(index * 0x10000000000);
  expect([start - 1, start, start + 2 ** 40 - 1].map(VFIO_PCI_OFFSET_TO_INDEX)).toEqual([index - 1, index, index]);
});
