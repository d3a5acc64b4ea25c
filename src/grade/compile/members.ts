/** The names of all members of what `#linux` and `#explore` export, and of what that leads to; tests/write-members.ts writes it. */
export const members: readonly string[] =
  `__vfio_pci_add_vma _refcount aborted access accesses activeVfs addr_mask address all allocations anonymous args at
  backing bar bar_mmap_supported barmap bars before behind birth blocked buffer called capturesStacks cell check child
  choices class close comm complete config copies counts cow_page cpu current_state deadlocks detached dev_set device
  device_list device_lock devices domain done driver eager end ended ending engine entries estimate executions
  f_mapping fail failingAllocations failsToWake fair fault faultAround fault_around_pages faults fields file files
  fills findsMappingsBy first flags found frames function gaveUp get held heldBy holders holds holdsAt holdsClass host
  hugeUnalignedPfn hugeUnroundedAddress huge_fault i_mapping i_mmap i_mmap_rwsem i_pages i_size index initial
  insertLoop insertLoopUnlocked interleavings invariant iommu isFair isRecursive isReset isReshaped isSparse isSteady
  isUnlocked is_virtfn kernel killed kind level line list lock lockEnclosesRemap locks made maj_flt major map_pages
  mapping mayBeLeaf mean memory memoryLockFirst memory_lock memtypes message min_flt minimal minor mm mm_lock_seq
  mm_rb mm_users mmap mmap_lock mmu_invalidate_in_progress mmu_invalidate_seq mmu_lock msixPage name next
  no_command_memory notes notifier_subscriptions num_vf ofFile on onDisk onProgress open operation ops orders orig_pte
  outcome outcomes owned owner page pageTables page_mkwrite pages pdev pdevs pfn pgd pgfault pgoff picture place
  places plain pm_runtime_engaged pmd power preemptions preemptionsProven prev probes process processes program prot
  pte ptep ptl pud ram rcu recursive redundant refusedFrames region remapAtPage repeatsFrom result returned rights
  rules run runtime_resume runtime_status runtime_suspend saved_config_space schedule seed setup shape shared signal
  signals skipOnEexist skipOnEexistUnlocked slot sort source special stack standardError start state states steps stop
  stopAt stopped switched symmetric table tables taken takes takesAt takesClass task tasks text tlb tlbs to trace
  traces transition unanswered uptodate usage v5_14 v5_8 v6_10 v6_10_full v6_12 value vconfig vdev verdict version
  violation violations virtualFunction vm_end vm_file vm_flags vm_lock vm_lock_seq vm_mm vm_ops vm_page_prot vm_pgoff
  vm_private_data vm_start vma vma_list vma_lock vma_next vmas waits wakeUp which why writable zap zapThenGate
  zero_page`.split(/\s+/);
