/** What the PCI standard fixes. Source: include/uapi/linux/pci_regs.h, v6.1; only what is used. */

/** How many BARs a device has at most. */
export const PCI_STD_NUM_BARS = 6;
