// SPDX-License-Identifier: GPL-2.0
/*
 * Gives vfio-pci's fault handler another body while the kernel runs: ftrace stands at the handler's entry anyway, and sends whoever
 * calls it here instead. So every repair that was proposed can be tried on one kernel, and no line of that kernel is changed or copied.
 *
 * Text of this course, written from scratch. It is under the GPL because it calls functions that Linux exports to GPL code alone.
 */
#include <linux/delay.h>
#include <linux/ftrace.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/vfio_pci_core.h>

static char *variant = "stock";
module_param(variant, charp, 0444);
MODULE_PARM_DESC(variant, "stock, early, hold, check, hold-check, insert or insert-hold");

static int delay_us;
module_param(delay_us, int, 0444);
MODULE_PARM_DESC(delay_us, "how long a fill is held back before it begins: the window, held open");

/* What tells the variants apart. */
static bool holds;	/* vma_lock is held until the fill is done */
static bool looks;	/* a vma that is on the list already is not filled again */
static bool inserts;	/* page by page, instead of one remap of the whole vma */

/* The driver's own entry of vma_list, which it keeps to itself: what it frees must look as it expects. */
struct entry {
	struct vm_area_struct *vma;
	struct list_head node;
};

static bool is_listed(struct vfio_pci_core_device *vdev, struct vm_area_struct *vma)
{
	struct entry *each;

	list_for_each_entry(each, &vdev->vma_list, node)
		if (each->vma == vma)
			return true;
	return false;
}

static bool memory_is_on(struct vfio_pci_core_device *vdev)
{
	return le16_to_cpu(*(__le16 *)&vdev->vconfig[PCI_COMMAND]) & PCI_COMMAND_MEMORY;
}

static vm_fault_t fill(struct vm_area_struct *vma)
{
	unsigned long address, pfn = vma->vm_pgoff;

	if (!inserts)
		return io_remap_pfn_range(vma, vma->vm_start, pfn, vma->vm_end - vma->vm_start, vma->vm_page_prot) ?
			       VM_FAULT_SIGBUS : VM_FAULT_NOPAGE;
	for (address = vma->vm_start; address < vma->vm_end; address += PAGE_SIZE) {
		vm_fault_t ret = vmf_insert_pfn(vma, address, pfn++);

		if (ret & VM_FAULT_ERROR)
			return ret;
	}
	return VM_FAULT_NOPAGE;
}

/* Decides whether to fill, and lists the vma if so. "insert-hold" fills anyway, but lists once. Caller holds both locks. */
static bool is_to_fill(struct vfio_pci_core_device *vdev, struct vm_area_struct *vma, struct entry **new)
{
	bool listed = is_listed(vdev, vma);

	if (looks && listed)
		return false;
	if (!(inserts && holds && listed)) {
		(*new)->vma = vma;
		list_add(&(*new)->node, &vdev->vma_list);
		*new = NULL;
	}
	return true;
}

static vm_fault_t lab_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct vfio_pci_core_device *vdev = vma->vm_private_data;
	struct entry *new = kmalloc(sizeof(*new), GFP_KERNEL_ACCOUNT);
	vm_fault_t ret = VM_FAULT_NOPAGE;
	bool fills = false;

	if (!new)
		return VM_FAULT_OOM;
	mutex_lock(&vdev->vma_lock);
	down_read(&vdev->memory_lock);
	if (memory_is_on(vdev))
		fills = is_to_fill(vdev, vma, &new);
	else
		ret = VM_FAULT_SIGBUS;
	if (!holds)
		mutex_unlock(&vdev->vma_lock);
	if (fills)
		ret = fill(vma);
	up_read(&vdev->memory_lock);
	if (holds)
		mutex_unlock(&vdev->vma_lock);
	kfree(new);
	return ret;
}

static void notrace redirect(unsigned long ip, unsigned long parent, struct ftrace_ops *op, struct ftrace_regs *regs)
{
	ftrace_instruction_pointer_set(regs, (unsigned long)lab_fault);
}

static struct ftrace_ops ops = { .func = redirect, .flags = FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_DYNAMIC };

/* Stands in front of the fill, whosever it is: so the window can be held open in the driver as it comes, too. */
static int hold_back(struct kprobe *probe, struct pt_regs *regs)
{
	if (current->comm[0] == 'T')
		udelay(delay_us);
	return 0;
}

static struct kprobe before_fill = { .pre_handler = hold_back };

static int __init lab_init(void)
{
	int error;

	holds = strstr(variant, "hold");
	looks = strstr(variant, "check");
	inserts = strstr(variant, "insert");
	if (delay_us) {
		before_fill.symbol_name = inserts ? "vmf_insert_pfn_prot" : "remap_pfn_range";
		error = register_kprobe(&before_fill);
		if (error)
			return error;
	}
	if (!strcmp(variant, "stock"))
		return 0;
	error = ftrace_set_filter(&ops, "vfio_pci_mmap_fault", 0, 1);
	if (!error)
		error = register_ftrace_function(&ops);
	if (error && delay_us)
		unregister_kprobe(&before_fill);
	return error;
}

module_init(lab_init);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Other bodies for the fault handler of vfio-pci, for a lab");
