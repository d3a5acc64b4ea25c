/** What each experiment of the page of questions is to show. */

import { expect, test } from 'vitest';
import { explore } from '#explore';
import { checklist } from './checklist.ts';

const expected: Readonly<Record<keyof typeof checklist, RegExp>> = {
  'checklist/tested-too-early': /^live mapping: /,
  'checklist/fork': /^live mapping: page 0 of c\.v /,
  'checklist/zap-then-gate': /^live mapping: /,
  'checklist/gate-then-mmap-lock': /mmap_lock while it holds memory_lock/,
  'checklist/remap-in-6.10': /^rwsem_assert_held_write: mmap_lock /,
  'checklist/frames-out-of-step': /^wrong page: page 512 of v maps page 511 /,
};

test.each(Object.entries(expected))('%s', (id, message) => {
  const { program } = checklist[id as keyof typeof checklist];
  expect(explore(program()).violation?.message).toMatch(message);
});
