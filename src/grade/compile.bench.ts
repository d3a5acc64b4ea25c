import { test } from 'vitest';
import { compile } from './compile.ts';

const handler = (name: string) => `
export function* ${name}(vmf: vm_fault): Kernel<vm_fault_t> {
  const vma = vmf.vma;
  const vdev = vma.vm_private_data;
  yield* mutex_lock(vdev.vma_lock);
  for (const entry of yield* entriesOf(vdev.vma_list)) {
    if ((yield* get(entry.vma)) === vma) break;
  }
  yield* mutex_unlock(vdev.vma_lock);
  return VM_FAULT_NOPAGE;
}
`;
const many = Array.from({ length: 400 }, (_, index) => handler(`fault${index}`)).join('');

test('compile', async ({ bench }) => {
  await bench.compare(
    bench('a handler', () => void compile(handler('fault'))),
    bench('5000 lines', () => void compile(many)),
  );
});
