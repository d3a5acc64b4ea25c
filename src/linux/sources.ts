/** Which file of Linux a function stands for: read off the modules, which stand where Linux has them. */

import * as current from './arch/x86/include/asm/current.ts';
import * as pgtable from './arch/x86/include/asm/pgtable.ts';
import * as fault from './arch/x86/mm/fault.ts';
import * as x86Mmap from './arch/x86/mm/mmap.ts';
import * as memtype from './arch/x86/mm/pat/memtype.ts';
import * as access from './drivers/pci/access.ts';
import * as addressSpace from './drivers/vfio/pci/addressSpace.ts';
import type { Driver } from './drivers/vfio/pci/driver.ts';
import * as v5_14 from './drivers/vfio/pci/generations/v5_14.ts';
import { v6_12 } from './drivers/vfio/pci/generations/v6_12.ts';
import * as vfio_pci_config from './drivers/vfio/pci/vfio_pci_config.ts';
import * as vfio_pci_core from './drivers/vfio/pci/vfio_pci_core.ts';
import * as bug from './include/asm-generic/bug.ts';
import * as rwonce from './include/asm-generic/rwonce.ts';
import * as fs from './include/linux/fs.ts';
import * as list from './include/linux/list.ts';
import * as mm from './include/linux/mm.ts';
import * as mmap_lock from './include/linux/mmap_lock.ts';
import * as pagemap from './include/linux/pagemap.ts';
import * as slab from './include/linux/slab.ts';
import * as fork from './kernel/fork.ts';
import * as mutex from './kernel/locking/mutex.ts';
import * as rwsem from './kernel/locking/rwsem.ts';
import * as spinlock from './kernel/locking/spinlock.ts';
import * as failslab from './mm/failslab.ts';
import * as huge_memory from './mm/huge_memory.ts';
import * as interval_tree from './mm/interval_tree.ts';
import * as doFault from './mm/memory/doFault.ts';
import * as handleFault from './mm/memory/handleFault.ts';
import * as hugeFault from './mm/memory/hugeFault.ts';
import * as insert from './mm/memory/insert.ts';
import * as mapping from './mm/memory/mapping.ts';
import * as remap from './mm/memory/remap.ts';
import * as tables from './mm/memory/tables.ts';
import * as zap from './mm/memory/zap.ts';
import * as mmap from './mm/mmap.ts';
import * as pagewalk from './mm/pagewalk.ts';

/** They are made by a function of ours, so their module does not export them. */
const handlersOf = ({ vm_ops: { fault, huge_fault } }: Driver) => ({
  vfio_pci_mmap_page_fault: fault,
  vfio_pci_mmap_huge_fault: huge_fault,
});

const files: readonly (readonly [string, object])[] = [
  ['arch/x86/include/asm/current.h', current],
  ['arch/x86/include/asm/pgtable.h', pgtable],
  ['arch/x86/mm/fault.c', fault],
  ['arch/x86/mm/mmap.c', x86Mmap],
  ['arch/x86/mm/pat/memtype.c', memtype],
  ['drivers/vfio/pci/vfio_pci_config.c', vfio_pci_config],
  ['drivers/vfio/pci/vfio_pci_core.c', vfio_pci_core],
  ['drivers/vfio/pci/vfio_pci_core.c', v5_14],
  ['drivers/vfio/pci/vfio_pci_core.c', addressSpace],
  ['drivers/vfio/pci/vfio_pci_core.c', handlersOf(v6_12)],
  ['include/asm-generic/bug.h', bug],
  ['include/asm-generic/rwonce.h', rwonce],
  ['include/linux/fs.h', fs],
  ['include/linux/list.h', list],
  ['include/linux/mmap_lock.h', mmap_lock],
  ['drivers/pci/access.c', access],
  ['include/linux/pagemap.h', pagemap],
  ['include/linux/slab.h', slab],
  ['kernel/fork.c', fork],
  ['kernel/locking/mutex.c', mutex],
  ['kernel/locking/rwsem.c', rwsem],
  ['kernel/locking/spinlock.c', spinlock],
  ['mm/failslab.c', failslab],
  ['mm/memory.c', handleFault],
  ['mm/memory.c', doFault],
  ['mm/memory.c', insert],
  ['mm/memory.c', hugeFault],
  ['mm/memory.c', mapping],
  ['mm/memory.c', remap],
  ['mm/memory.c', zap],
  // Inline functions, kept beside what they call.
  [
    'include/linux/mm.h',
    {
      ...tables,
      vm_flags_set: mm.vm_flags_set,
      is_cow_mapping: mm.is_cow_mapping,
      io_remap_pfn_range: remap.io_remap_pfn_range,
    },
  ],
  ['mm/slub.c', { kfree: slab.kfree }],
  ['mm/page_alloc.c', { should_fail_alloc_page: failslab.should_fail_alloc_page }],
  ['mm/mmap.c', mmap],
  ['mm/huge_memory.c', huge_memory],
  ['mm/interval_tree.c', interval_tree],
  ['mm/pagewalk.c', pagewalk],
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
