import { describe, expect, test } from 'vitest';
import { vfio_pci_mmap_vma } from '../../drivers/vfio/pci/vfio_pci_core.ts';
import { ends, run } from '../../testing.ts';
import { kfree, kzalloc } from './slab.ts';

/** Which of five allocations succeed. */
const five = (allocations?: readonly number[] | 'all') =>
  run(
    function* () {
      let told = '';
      for (let i = 0; i < 5; i++) told += (yield* kzalloc(vfio_pci_mmap_vma)) ? '+' : '-';
      return told;
    },
    allocations ? { fail: { A: { allocations } } } : {},
  );

describe('kzalloc', () => {
  test('succeeds unless told otherwise', () => expect(five()).toBe('+++++'));
  test('fails where the world says', () => expect(five([2, 4])).toBe('+-+-+'));
  test('fails every time', () => expect(five('all')).toBe('-----'));
  test('fails for the named task alone', () => {
    const code = function* () {
      return (yield* kzalloc(vfio_pci_mmap_vma)) ? '+' : '-';
    };
    const told = ends({ A: code, B: code }, (_machine, now) => `${now.returned('A')}${now.returned('B')}`, {
      fail: { B: { allocations: [1] } },
    });
    expect(told).toEqual(['+-']);
  });
  test('what is freed twice is used after free', () => {
    const told = run(function* () {
      const entry = (yield* kzalloc(vfio_pci_mmap_vma)) as object;
      yield* kfree(entry);
      yield* kfree(entry);
    });
    expect(told).toMatch(/^use after free: .*freed twice/);
  });
});
