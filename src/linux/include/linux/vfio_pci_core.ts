/** Where the device's regions stand in its file. Source: include/linux/vfio_pci_core.h, v6.1. They divide where C shifts. */

export const VFIO_PCI_OFFSET_SHIFT = 40;

/** Where the region with that index begins, in bytes. */
export const VFIO_PCI_INDEX_TO_OFFSET = (index: number): number => index * 2 ** VFIO_PCI_OFFSET_SHIFT;
/** Which region the offset is in. */
export const VFIO_PCI_OFFSET_TO_INDEX = (offset: number): number => Math.floor(offset / 2 ** VFIO_PCI_OFFSET_SHIFT);
