import { expect, test } from 'vitest';
import { get } from '#explore';
import { vfio_pci_mmap_vma } from '../../drivers/vfio/pci/vfio_pci_core.ts';
import { callTraceOfA, reportOf, step } from '../../fixtures.ts';
import { list_empty } from '../../include/linux/list.ts';
import { kfree, kzalloc } from '../../include/linux/slab.ts';
import type { Kernel } from '../../kernel.ts';
import { kasanReport } from './report.ts';

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

test('a vma was freed where it was freed: a look into it is no free', () => {
  const event = (operation: string, name: string) => ({ operation, stack: [{ function: name, file: `mm/${name}.c` }] });
  const steps = [
    step('B', 'down_write(mmap_lock)', [], { plain: [event('vm_area_free(v)', 'vm_area_free')] }),
    step('Z', 'mutex_lock(vma_lock)', [], { plain: [event('not freed(vm_area_struct v.memory)', 'zap')] }),
  ];
  const message = 'vm_area_struct v.memory belongs to an object that was freed';
  const trace = {
    program: 'p',
    schedule: 'B-Z',
    tasks: ['B', 'Z'],
    steps,
    ending: { kind: 'use after free', message },
  } as const;
  const lines = kasanReport(trace)?.lines ?? [];
  expect(lines).toContain('Read of vm_area_struct v.memory by task Z/2');
  expect(lines.slice(-3, -1)).toEqual(['Freed by task 1:', ' vm_area_free (mm/vm_area_free.c)']);
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
