import { describe, expect, test } from 'vitest';
import { PAGE_ALIGN, PAGE_MASK, PAGE_SIZE } from './page_types.ts';
import {
  _PAGE_PRESENT,
  pfn_pte,
  pgd_index,
  pmd_index,
  pte_index,
  pte_mkspecial,
  pte_none,
  pte_pfn,
  pte_present,
  pte_special,
  pud_index,
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
