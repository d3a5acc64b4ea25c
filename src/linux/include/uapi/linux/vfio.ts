/** The regions of a PCI device, as user space numbers them. Source: include/uapi/linux/vfio.h, v6.1; only what is used. */

export const VFIO_PCI_BAR0_REGION_INDEX = 0;
/** The first region that is no BAR. */
export const VFIO_PCI_ROM_REGION_INDEX = 6;
export const VFIO_PCI_CONFIG_REGION_INDEX = 7;
export const VFIO_PCI_VGA_REGION_INDEX = 8;
/** Behind them may be regions of a device's own kind. */
export const VFIO_PCI_NUM_REGIONS = 9;
