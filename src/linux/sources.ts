/** Which file of Linux a function stands for: read off the modules, which stand where Linux has them. */

import * as current from './arch/x86/include/asm/current.ts';
import * as pgtable from './arch/x86/include/asm/pgtable.ts';
import * as fault from './arch/x86/mm/fault.ts';
import * as x86Mmap from './arch/x86/mm/mmap.ts';
import * as memtype from './arch/x86/mm/pat/memtype.ts';
import * as pgprot from './arch/x86/mm/pgprot.ts';
import * as tlb from './arch/x86/mm/tlb.ts';
import * as runtime from './drivers/base/power/runtime.ts';
import * as access from './drivers/pci/access.ts';
import * as pci from './drivers/pci/pci.ts';
import * as pciDriver from './drivers/pci/pci-driver.ts';
import * as addressSpace from './drivers/vfio/pci/addressSpace.ts';
import type { Driver } from './drivers/vfio/pci/driver.ts';
import * as v5_14 from './drivers/vfio/pci/generations/v5_14.ts';
import { v6_12 } from './drivers/vfio/pci/generations/v6_12.ts';
import * as vfio_pci_config from './drivers/vfio/pci/vfio_pci_config.ts';
import * as memory from './drivers/vfio/pci/vfio_pci_core/memory.ts';
import * as vfioMmap from './drivers/vfio/pci/vfio_pci_core/mmap.ts';
import * as power from './drivers/vfio/pci/vfio_pci_core/power.ts';
import * as reset from './drivers/vfio/pci/vfio_pci_core/reset.ts';
import * as vfio_pci_core from './drivers/vfio/pci/vfio_pci_core.ts';
import * as vfio_pci_intrs from './drivers/vfio/pci/vfio_pci_intrs.ts';
import * as vfio_pci_rdwr from './drivers/vfio/pci/vfio_pci_rdwr.ts';
import * as vfio_iommu_type1 from './drivers/vfio/vfio_iommu_type1.ts';
import * as bug from './include/asm-generic/bug.ts';
import * as rwonce from './include/asm-generic/rwonce.ts';
import * as fs from './include/linux/fs.ts';
import * as list from './include/linux/list.ts';
import * as vmaLock from './include/linux/mm/vmaLock.ts';
import * as mm_h from './include/linux/mm.ts';
import * as mmap_lock from './include/linux/mmap_lock.ts';
import * as mmu_notifier from './include/linux/mmu_notifier.ts';
import * as pagemap from './include/linux/pagemap.ts';
import * as rcupdate from './include/linux/rcupdate.ts';
import * as signal from './include/linux/sched/signal.ts';
import * as slab from './include/linux/slab.ts';
import * as uaccess from './include/linux/uaccess.ts';
import * as fork from './kernel/fork.ts';
import * as mutex from './kernel/locking/mutex.ts';
import * as rwsem from './kernel/locking/rwsem.ts';
import * as spinlock from './kernel/locking/spinlock.ts';
import * as rcuTree from './kernel/rcu/tree.ts';
import * as maple_tree from './lib/maple_tree.ts';
import * as failslab from './mm/failslab.ts';
import * as filemap from './mm/filemap.ts';
import * as gup from './mm/gup.ts';
import * as huge_memory from './mm/huge_memory.ts';
import * as interval_tree from './mm/interval_tree.ts';
import * as account from './mm/memory/account.ts';
import * as anonymous from './mm/memory/anonymous.ts';
import * as copy from './mm/memory/copy.ts';
import * as copyPresent from './mm/memory/copyPresent.ts';
import * as cow from './mm/memory/cow.ts';
import * as doFault from './mm/memory/doFault.ts';
import * as follow from './mm/memory/follow.ts';
import * as handleFault from './mm/memory/handleFault.ts';
import * as hugeFault from './mm/memory/hugeFault.ts';
import * as insert from './mm/memory/insert.ts';
import * as mapping from './mm/memory/mapping.ts';
import * as normalPage from './mm/memory/normalPage.ts';
import * as remap from './mm/memory/remap.ts';
import * as tables from './mm/memory/tables.ts';
import * as memoryVmaLock from './mm/memory/vmaLock.ts';
import * as zap from './mm/memory/zap.ts';
import * as mmap from './mm/mmap.ts';
import * as mmu_gather from './mm/mmu_gather.ts';
import * as mprotect from './mm/mprotect.ts';
import * as mremap from './mm/mremap.ts';
import * as pagewalk from './mm/pagewalk.ts';
import * as swap from './mm/swap.ts';
import * as kvm_main from './virt/kvm/kvm_main.ts';

/** They are made by a function of ours, so their module does not export them. */
const handlersOf = ({ vm_ops: { fault, huge_fault } }: Driver) => ({
  vfio_pci_mmap_page_fault: fault,
  vfio_pci_mmap_huge_fault: huge_fault,
});

import * as page_alloc from './mm/page_alloc.ts';
import * as truncate from './mm/truncate.ts';

const files: readonly (readonly [string, object])[] = [
  ['arch/x86/include/asm/current.h', current],
  ['arch/x86/include/asm/pgtable.h', pgtable],
  ['arch/x86/mm/fault.c', fault],
  ['arch/x86/mm/mmap.c', x86Mmap],
  ['arch/x86/mm/pgprot.c', pgprot],
  ['arch/x86/mm/tlb.c', tlb],
  ['arch/x86/mm/pat/memtype.c', memtype],
  ['drivers/vfio/pci/vfio_pci_config.c', vfio_pci_config],
  ['drivers/vfio/pci/vfio_pci_core.c', vfio_pci_core],
  ['drivers/vfio/pci/vfio_pci_core.c', { ...memory, ...vfioMmap, ...power, ...reset }],
  ['drivers/vfio/pci/vfio_pci_core.c', v5_14],
  ['drivers/vfio/pci/vfio_pci_intrs.c', vfio_pci_intrs],
  ['drivers/vfio/pci/vfio_pci_rdwr.c', vfio_pci_rdwr],
  // What the code of vfio_pci_core.ts calls most, kept beside it.
  ['drivers/vfio/pci/vfio_pci_config.c', { __vfio_pci_memory_enabled: vfio_pci_core.__vfio_pci_memory_enabled }],
  ['drivers/base/power/runtime.c', runtime],
  ['drivers/pci/pci.c', pci],
  ['drivers/pci/pci-driver.c', pciDriver],
  ['drivers/vfio/pci/vfio_pci_core.c', addressSpace],
  ['drivers/vfio/pci/vfio_pci_core.c', handlersOf(v6_12)],
  ['drivers/vfio/vfio_iommu_type1.c', vfio_iommu_type1],
  ['include/asm-generic/bug.h', bug],
  ['include/asm-generic/rwonce.h', rwonce],
  ['include/linux/fs.h', fs],
  ['include/linux/list.h', list],
  ['include/linux/mm.h', vmaLock],
  ['include/linux/mmap_lock.h', { ...mmap_lock, vma_end_write_all: vmaLock.vma_end_write_all }],
  ['drivers/pci/access.c', access],
  ['include/linux/pagemap.h', pagemap],
  ['include/linux/rcupdate.h', rcupdate],
  ['include/linux/sched/signal.h', signal],
  ['include/linux/mmu_notifier.h', mmu_notifier],
  ['include/linux/slab.h', slab],
  ['include/linux/uaccess.h', uaccess],
  ['kernel/fork.c', fork],
  ['kernel/locking/mutex.c', mutex],
  ['kernel/locking/rwsem.c', rwsem],
  ['kernel/locking/spinlock.c', spinlock],
  ['kernel/rcu/tree.c', rcuTree],
  ['lib/maple_tree.c', maple_tree],
  ['mm/failslab.c', failslab],
  ['mm/gup.c', { ...gup, pin_user_pages_remote: vfio_iommu_type1.pin_user_pages_remote }],
  ['mm/memory.c', account],
  ['mm/memory.c', handleFault],
  ['mm/memory.c', doFault],
  ['mm/memory.c', copy],
  ['mm/memory.c', follow],
  ['mm/memory.c', insert],
  ['mm/memory.c', hugeFault],
  ['mm/memory.c', mapping],
  ['mm/memory.c', remap],
  ['mm/memory.c', memoryVmaLock],
  ['mm/memory.c', zap],
  ['mm/memory.c', normalPage],
  ['mm/memory.c', anonymous],
  ['mm/memory.c', cow],
  ['mm/memory.c', copyPresent],
  ['mm/filemap.c', filemap],
  ['mm/page_alloc.c', page_alloc],
  ['mm/truncate.c', truncate],
  ['mm/mmu_gather.c', mmu_gather],
  ['include/linux/mm.h', swap],
  ['include/linux/mm.h', mm_h],
  // Inline functions, kept beside what they call.
  ['include/linux/mm.h', { ...tables, io_remap_pfn_range: remap.io_remap_pfn_range }],
  ['include/linux/mm.h', { maybe_mkwrite: anonymous.maybe_mkwrite }],
  ['include/linux/highmem.h', { copy_user_highpage: cow.copy_user_highpage }],
  ['mm/pgtable-generic.c', { ptep_clear_flush: cow.ptep_clear_flush }],
  ['mm/slub.c', { kfree: slab.kfree }],
  ['mm/page_alloc.c', { should_fail_alloc_page: failslab.should_fail_alloc_page }],
  ['mm/mmap.c', mmap],
  ['mm/mprotect.c', mprotect],
  ['mm/mremap.c', mremap],
  ['mm/util.c', { vm_mmap: mmap.vm_mmap }],
  ['include/linux/sched/mm.h', { mmget_not_zero: fork.mmget_not_zero }],
  ['mm/huge_memory.c', huge_memory],
  ['mm/interval_tree.c', interval_tree],
  ['mm/pagewalk.c', pagewalk],
  ['virt/kvm/kvm_main.c', kvm_main],
];

/** By the naming rule; of names of one word, these are Linux's. Our own helpers stand in no file of it. */
const existsInLinux = (name: string) => name.includes('_') || ['BUG', 'kfree', 'kzalloc'].includes(name);

const fileOf = new Map<string, string>();
for (const [file, module] of files) {
  for (const [name, value] of Object.entries(module)) {
    if (typeof value === 'function' && existsInLinux(name)) fileOf.set(name, file);
  }
}

/** The file of Linux that has the function, in the version that its module names; undefined for what is ours. */
export function sourceOf(functionName: string): string | undefined {
  return fileOf.get(functionName);
}
