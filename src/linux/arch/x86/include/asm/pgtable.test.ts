import { describe, expect, test } from 'vitest';
import { PAGE_ALIGN, PAGE_MASK, PAGE_SIZE } from './page_types.ts';
import {
  _PAGE_PRESENT,
  afterWrite,
  hasWritten,
  pfn_pte,
  pgd_index,
  pmd_index,
  pte_dirty,
  pte_index,
  pte_mkclean,
  pte_mkdirty,
  pte_mkspecial,
  pte_mkwrite,
  pte_mkyoung,
  pte_none,
  pte_pfn,
  pte_present,
  pte_special,
  pte_write,
  pte_wrprotect,
  pte_young,
  pud_index,
  withContentOf,
} from './pgtable.ts';

describe('indexes', () => {
  test.each([
    [0, [0, 0, 0, 0]],
    [0xfff, [0, 0, 0, 0]],
    [0x1000, [0, 0, 0, 1]],
    [0x1fffff, [0, 0, 0, 511]],
    [0x200000, [0, 0, 1, 0]],
    [2 ** 30 - 1, [0, 0, 511, 511]],
    [2 ** 30, [0, 1, 0, 0]],
    [2 ** 31 - 1, [0, 1, 511, 511]],
    [2 ** 31, [0, 2, 0, 0]],
    [2 ** 32 - 1, [0, 3, 511, 511]],
    [2 ** 32, [0, 4, 0, 0]],
    [2 ** 39, [1, 0, 0, 0]],
    [2 ** 47 - 1, [255, 511, 511, 511]],
    [2 ** 47, [256, 0, 0, 0]],
  ])('of %d', (address, expected) => {
    expect([pgd_index(address), pud_index(address), pmd_index(address), pte_index(address)]).toEqual(expected);
  });
});

describe('entries', () => {
  const pte = pte_mkspecial(pfn_pte(0x40001, _PAGE_PRESENT));

  test('an entry tells its frame and its flags', () => {
    expect([pte_pfn(pte), pte_present(pte), pte_special(pte), pte_none(pte)]).toEqual([0x40001, true, true, false]);
  });
  test('to be special twice changes nothing', () => expect(pte_mkspecial(pte)).toBe(pte));
  test('to add a flag twice changes nothing, nor to take away one that is not there', () => {
    for (const change of [pte_mkwrite, pte_mkdirty, pte_mkyoung, pte_wrprotect, pte_mkclean])
      expect(change(change(pte))).toBe(change(pte));
  });
  test('a flag comes and goes, and the frame stays', () => {
    const writable = pte_mkyoung(pte_mkdirty(pte_mkwrite(pte)));
    expect([pte_write(writable), pte_dirty(writable), pte_young(writable), pte_pfn(writable)]).toEqual([
      true,
      true,
      true,
      0x40001,
    ]);
    expect([pte_write(pte_wrprotect(writable)), pte_dirty(pte_mkclean(writable))]).toEqual([false, false]);
    expect(pte_wrprotect(pte_mkclean(writable))).toBe(pte_mkyoung(pte));
  });
  test.each([0, 1, 2, 3])('a write by CPU %d makes it dirty, and tells who', (cpu) => {
    const written = afterWrite(pte, cpu);
    expect([0, 1, 2, 3].filter((each) => hasWritten(written, each))).toEqual([cpu]);
    expect([pte_dirty(written), pte_pfn(written), pte_special(written)]).toEqual([true, 0x40001, true]);
    expect(afterWrite(written, cpu)).toBe(written);
  });
  test('writers go with the content, and flags do not', () => {
    const copy = withContentOf(pfn_pte(7, _PAGE_PRESENT), afterWrite(pte, 2));
    expect([pte_pfn(copy), hasWritten(copy, 2), hasWritten(copy, 1), pte_dirty(copy)]).toEqual([7, true, false, false]);
  });
  test('no entry is none, and not present', () => expect([pte_none(0), pte_present(0)]).toEqual([true, false]));
  test('a frame beyond 2^32 keeps its number', () => expect(pte_pfn(pfn_pte(2 ** 32, _PAGE_PRESENT))).toBe(2 ** 32));
});

describe('pages', () => {
  test('PAGE_MASK clears the offset', () => expect(0x12345 & PAGE_MASK).toBe(0x12000));
  test.each([
    [0, 0],
    [1, PAGE_SIZE],
    [PAGE_SIZE, PAGE_SIZE],
    [PAGE_SIZE + 1, 2 * PAGE_SIZE],
  ])('PAGE_ALIGN(%d)', (size, aligned) => expect(PAGE_ALIGN(size)).toBe(aligned));
});
