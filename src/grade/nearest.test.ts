import { expect, it } from 'vitest';
import { nearest } from './nearest.ts';

it.each([
  ['mutex_lok', 'mutex_lock'],
  ['mutexlock', 'mutex_lock'],
  ['mutex_unlok', 'mutex_unlock'],
  ['VM_FAULT_SIGBUSS', 'VM_FAULT_SIGBUS'],
  ['gett', 'get'],
  ['printk', undefined],
])('nearest(%j) is %j', (name, meant) => {
  expect(nearest(name, ['mutex_lock', 'mutex_unlock', 'get', 'VM_FAULT_SIGBUS', 'VM_FAULT_NOPAGE'])).toBe(meant);
});
