import { describe, expect, test } from 'vitest';
import { exportsOf, virtualModule } from './starter.ts';

const starter = `import { type Kernel, type vm_fault, type vm_fault_t } from '#linux';
export interface World { pages: number }
export const outcomes: number = 0, schedule = 'A2';
export function* vfio_pci_mmap_fault(
  vmf: vm_fault,
): Kernel<vm_fault_t> {
  return 0;
}
export function double(x: number) { return x; }
`;

describe('exportsOf', () => {
  test('names values and functions, with how their declarations begin', () => {
    expect(exportsOf(starter)).toEqual([
      { name: 'outcomes', isFunction: false, write: 'export const outcomes = …' },
      { name: 'schedule', isFunction: false, write: 'export const schedule = …' },
      {
        name: 'vfio_pci_mmap_fault',
        isFunction: true,
        write: 'export function* vfio_pci_mmap_fault(vmf) { … }',
      },
      { name: 'double', isFunction: true, write: 'export function double(x) { … }' },
    ]);
  });

  test('refuses a starter that does not parse', () => {
    expect(() => exportsOf('export const = 1')).toThrow('starter does not parse');
  });
});

test('virtualModule has the names of the starter and the values of the submission', () => {
  expect(virtualModule(exportsOf('export const a = 1;'), './submission.ts')).toBe(
    'import { submissionExports } from "./submission.ts";\nconst exported = submissionExports();\nexport const a = exported["a"];\n',
  );
});
