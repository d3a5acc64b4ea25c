// What the kernel does was written down first, as tables: each function's order of checks, each bit, each path of the driver. Every row
// of them has a test that names it, and this test holds the list of rows against the titles. A title is `<table> <row>: what holds`,
// or, of a describe, `<table> <row>`.

import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const tables: Record<string, readonly string[]> = {
  // What each bit of a vm_fault_t means to the caller.
  '2.2': [
    ...['OOM', 'SIGBUS', 'MAJOR', 'WRITE', 'HWPOISON', 'SIGSEGV', 'NOPAGE', 'LOCKED', 'RETRY', 'FALLBACK', 'DONE_COW'],
    ...['NEEDDSYNC', 'COMPLETED', 'VM_FAULT_ERROR'],
  ],
  // From handle_mm_fault to the handler.
  '2.3': [
    ...['handle_mm_fault', '__handle_mm_fault', 'handle_pte_fault', 'do_fault', 'do_read_fault', 'do_cow_fault'],
    ...['do_shared_fault', '__do_fault', 'finish_fault', 'vmf_can_call_fault'],
  ],
  // vmf_insert_pfn, by what is in the slot.
  '2.5': [
    ...['kind of vma', 'address outside the vma', 'PFN not allowed', 'track_pfn_insert', 'no table'],
    ...['empty, mkwrite false', 'empty, mkwrite true', 'same PFN, mkwrite false', 'same PFN, mkwrite true'],
    ...['different PFN, mkwrite false', 'different PFN, mkwrite true', 'idempotent'],
  ],
  // Huge inserts.
  '2.6': ['vmf_insert_pfn_pmd', 'table in the slot', 'vmf_insert_pfn_pud', 'split', 'gate'],
  // Taking entries away.
  '2.8': ['zap_vma_ptes', 'unmap_mapping_range', 'TLB', 'vfio_pci_zap_bars'],
  // The state of a device.
  '3.1': [
    ...['memory_lock', 'vma_lock', 'vma_list', 'vconfig', 'no_command_memory', 'current_state', 'pm_runtime_engaged'],
    'i_mapping',
  ],
  // The fault handlers, by the Linux that they came with.
  '3.2': ['5.8', '5.14', '6.10', '6.12'],
  // Who takes memory_lock.
  '3.4': [
    ...['memory bit 0', 'memory bit 1', 'D-state', 'FLR', 'VFIO_DEVICE_RESET', 'hot reset', 'low-power entry'],
    ...['low-power exit', 'memory_lock_and_enable', 'BAR access', 'ioeventfd', 'fault', 'wake first'],
  ],
  // The mmap method, in order.
  '3.6': [
    ...['unknown region', 'not VM_SHARED', 'device-specific region', 'ROM, config, VGA', 'not mappable'],
    ...['beyond the BAR', 'first use', 'private data', 'protection', 'page offset', 'flags', 'nothing populated'],
  ],
};

const rows = Object.entries(tables).flatMap(([table, names]) => names.map((name) => `${table} ${name}`));

const titles = globSync('**/*.test.ts', { cwd: import.meta.dirname })
  .map((file) => readFileSync(new URL(file, import.meta.url), 'utf8'))
  .flatMap((source) => [...source.matchAll(/[([]\s*(['"`])(\d\.\d+ .*?)\1/g)].map(([, , title]) => title as string));

const isOf = (row: string) => (title: string) => title === row || title.startsWith(`${row}: `);

describe('every row of the tables', () => {
  test.each(rows)('%s has a test that names it', (row) => {
    expect(titles.filter(isOf(row))).not.toEqual([]);
  });

  test('no test names a row that is not there', () => {
    const ofTables = titles.filter((title) => (title.split(' ')[0] as string) in tables);
    expect(ofTables.filter((title) => !rows.some((row) => isOf(row)(title)))).toEqual([]);
  });
});
