/** Telling others that entries of a process go away. Source: include/linux/mmu_notifier.h, v6.1. No step where nobody listens. */

import type { Kernel } from '../../kernel.ts';
import {
  kvm_mmu_notifier_invalidate_range_end,
  kvm_mmu_notifier_invalidate_range_start,
} from '../../virt/kvm/kvm_main.ts';
import type { mm_struct } from './mm_types.ts';

/** Before entries in the range go: listeners give up what they hold of them. Locks: mmap_lock, or what else keeps the vma. */
export function* mmu_notifier_invalidate_range_start(
  { notifier_subscriptions: kvm }: mm_struct,
  start: number,
  end: number,
): Kernel {
  if (kvm) yield* kvm_mmu_notifier_invalidate_range_start(kvm, start, end);
}

/** After they have gone. */
export function* mmu_notifier_invalidate_range_end({ notifier_subscriptions: kvm }: mm_struct): Kernel {
  if (kvm) yield* kvm_mmu_notifier_invalidate_range_end(kvm);
}
