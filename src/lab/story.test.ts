import { describe, expect, it } from 'vitest';
import type { LabEvent } from './recording.ts';
import { storyOf } from './story.ts';

const told = (...events: LabEvent[]) => storyOf(events).map(({ thread, text }) => `${thread} ${text}`);

const at = { vma: '0x1', address: '0x7fcc60f96000' };
const fault: LabEvent[] = [
  ['T0', 'mark', { text: 'iter=1' }],
  ['T0', 'page_fault_user', { address: at.address }],
  ['T0', 'down_read_trylock_in', { lock: '0xaa' }],
  ['T0', 'down_read_trylock_out', { lock: '0xaa', ret: '1' }],
  ['T0', 'pte_none_seen', at],
  ['T0', 'fault_in', at],
  ['T0', 'mutex_lock_in', { lock: '0xbb' }],
  ['T0', 'mutex_wait', { lock: '0xbb' }],
  ['T0', 'mutex_lock_out', { lock: '0xbb' }],
  ['T0', 'down_read_in', { lock: '0xcc' }],
  ['T0', 'down_read_out', { lock: '0xcc' }],
  ['T0', 'remap_in', { vma: '0x1', address: '0x7fcc60f92000', pfn: '0xfea00', size: '0x8000' }],
  ['T0', 'remap_out', { ret: '0' }],
  ['T0', 'up_read_in', { lock: '0xcc' }],
  ['T0', 'mutex_unlock_in', { lock: '0xbb' }],
  ['T0', 'fault_out', { ret: '0x100' }],
];

describe('storyOf', () => {
  it('names locks by the order in which the handler takes them, and counts pages from the start of the mapping', () => {
    expect(told(...fault)).toEqual([
      'T0 page fault at page 4',
      'T0 down_read(mmap_lock)',
      'T0 has seen the entry empty',
      'T0 vfio_pci_mmap_fault()',
      'T0 waits for vma_lock',
      'T0 mutex_lock(vma_lock)',
      'T0 down_read(memory_lock)',
      'T0 remap_pfn_range() begins',
      'T0 remap_pfn_range() is done: 0',
      'T0 up_read(memory_lock)',
      'T0 mutex_unlock(vma_lock)',
      'T0 returns VM_FAULT_NOPAGE',
    ]);
  });

  it('leaves out other locks, and the clearing up for the next iteration', () => {
    expect(
      told(['T0', 'mutex_lock_out', { lock: '0xdd' }], ['T0', 'unmap_in', at], ['T0', 'close_in', { vma: '0x1' }]),
    ).toEqual([]);
  });

  it('tells of the memory, and of a read that should not have worked', () => {
    const marks = ['off', 'stale=7', 'on'].map((text): LabEvent => ['T0', 'mark', { text }]);
    expect(told(...marks)).toEqual([
      'T0 switches the memory off ...',
      'T0 reads page 7: that works, with the memory off!',
      'T0 ... the memory is on again',
    ]);
  });
});
