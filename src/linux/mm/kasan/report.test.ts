import { expect, test } from 'vitest';
import { get } from '#explore';
import { vfio_pci_mmap_vma } from '../../drivers/vfio/pci/vfio_pci_core.ts';
import { callTraceOfA, reportOf } from '../../fixtures.ts';
import { list_empty } from '../../include/linux/list.ts';
import { kfree, kzalloc } from '../../include/linux/slab.ts';
import type { Kernel } from '../../kernel.ts';

test('a use after free: who, where, and where it was allocated and freed', () => {
  function* using(): Kernel {
    const entry = (yield* kzalloc(vfio_pci_mmap_vma)) as vfio_pci_mmap_vma;
    yield* kfree(entry);
    yield* list_empty(entry.vma_next as never);
  }
  const { source, lines } = reportOf({ A: using });
  expect(source).toBe('Linux with KASAN (CONFIG_KASAN)');
  expect(lines).toEqual([
    '========================================',
    'BUG: KASAN: use-after-free in list_empty',
    'Read of vfio_pci_mmap_vma A.1.vma_next.next by task A/1',
    '',
    ...callTraceOfA(' list_empty (include/linux/list.h)'),
    '',
    'Allocated by task 1:',
    ' kzalloc (include/linux/slab.h)',
    '',
    'Freed by task 1:',
    ' kfree (mm/slub.c)',
    '========================================',
  ]);
});

test('what is freed twice', () => {
  function* freeing(): Kernel {
    const entry = (yield* kzalloc(vfio_pci_mmap_vma)) as vfio_pci_mmap_vma;
    yield* get(entry.vma);
    yield* kfree(entry);
    yield* kfree(entry);
  }
  const { lines } = reportOf({ A: freeing });
  expect(lines[1]).toBe('BUG: KASAN: double-free or invalid-free in kfree');
  expect(lines).toContain('Freed by task 1:');
  expect(lines.join('\n')).not.toContain('Read of');
});
