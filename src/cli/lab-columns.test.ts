import { describe, expect, it } from 'vitest';
import { drawDeeds } from './lab-columns.ts';
import { plainLook } from './look.ts';
import { widthOf } from './prose.ts';

const deeds = [
  { thread: 'T0', text: 'has seen the entry empty' },
  { thread: 'T1', text: 'vfio_pci_zap_and_down_write_memory_lock()' },
  { thread: 'T0', text: 'remap_pfn_range() begins' },
  { thread: 'T1', text: 'up_read(mmap_lock)' },
];

describe('drawDeeds', () => {
  it('draws a column for each thread, and marks the last that the dying one did', () => {
    expect(`\n${drawDeeds(plainLook, deeds, { at: 'mm/memory.c:2402', thread: 'T0' }).join('\n')}\n`).toBe(`
      T0                                    T1
      ------------------------------------  ------------------------------------
   1  has seen the entry empty
   2                                        vfio_pci_zap_and_down_write_memory
                                              _lock()
X  3  remap_pfn_range() begins
   4                                        up_read(mmap_lock)

X     T0: kernel BUG at mm/memory.c:2402
`);
  });

  it.each([40, 60, 80, 100])('fits %i columns, with four threads too', (width) => {
    const four = ['T0', 'T1', 'T2', 'T3'].map((thread) => ({
      thread,
      text: 'mutex_lock(vma_lock), and more of the same',
    }));
    for (const line of drawDeeds({ ...plainLook, width, colour: true }, four, null))
      expect(widthOf(line)).toBeLessThanOrEqual(width);
  });

  it('shows the end of what is long, and says how much it left out', () => {
    const storm = Array.from({ length: 500 }, (_, index) => ({ thread: `T${index % 2}`, text: `fault ${index}` }));
    const lines = drawDeeds(plainLook, storm, null);
    expect(lines).toHaveLength(83);
    expect(lines[2]).toContain('420 before these');
    expect(lines.at(-1)).toMatch(/^ 500 .*fault 499$/);
  });

  it('draws nothing for who listens', () => {
    const lines = drawDeeds({ ...plainLook, spoken: true }, deeds.slice(0, 1), null);
    expect(lines).toEqual(['T0: has seen the entry empty']);
  });

  it('draws an empty story', () => {
    expect(drawDeeds(plainLook, [], null)).toHaveLength(2);
  });
});
