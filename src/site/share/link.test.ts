import { describe, expect, test } from 'vitest';
import { longestSubmission } from '#grade/verdict';
import { BadLink, fragmentOf, isShareLink, readFragment } from './link.ts';

const shared = {
  exercise: 'one-fault',
  code: '// häßlich 日本 “x”\nexport {};\n',
  schedule: '1.first-page.1.0123abcd~A3',
};

test('carries text and schedule, in characters that a URL leaves alone', async () => {
  const fragment = await fragmentOf(shared);
  expect(fragment).toMatch(/^#share=1\.[\w-]+$/);
  expect(isShareLink(fragment)).toBe(true);
  expect(await readFragment(fragment)).toEqual(shared);
});

test('carries no schedule where there is none', async () => {
  const { schedule: _, ...plain } = shared;
  expect(await readFragment(await fragmentOf(plain))).toEqual(plain);
});

test('makes a typical answer short enough for any messenger', async () => {
  const code = 'export function* vfio_pci_mmap_fault(vmf) {\n  yield* mutex_lock(vdev.vma_lock);\n}\n'.repeat(20);
  expect((await fragmentOf({ ...shared, code })).length).toBeLessThan(500);
});

describe('refuses, and says what to do,', () => {
  const refused = (hash: string | Promise<string>) => expect(Promise.resolve(hash).then(readFragment)).rejects;

  test('one that is cut short, anywhere', async () => {
    const fragment = await fragmentOf(shared);
    for (let length = '#share='.length; length < fragment.length - 1; length += 7)
      await refused(fragment.slice(0, length)).toThrow(BadLink);
  });

  test.each(['#share=', '#share=x', '#share=1.%%%', '#share=1.AAAA', '#share=0.AAAA'])('%s', (hash) =>
    refused(hash).toThrow('not whole'),
  );

  test('one of a newer version', () => refused('#share=2.whatever').toThrow('newer version'));

  test.each([
    null,
    3,
    {},
    { exercise: '../x', code: '' },
    { exercise: 'a', code: 3 },
    { exercise: 'a', code: '', schedule: 1 },
  ])('what is no answer: %j', (value) => refused(fragmentOf(value as never)).toThrow('not whole'));

  test('one that grows beyond all bounds, before it is unpacked', async () => {
    const bomb = await fragmentOf({ exercise: 'one-fault', code: 'x'.repeat(100 * longestSubmission) });
    expect(bomb.length).toBeLessThan(100_000);
    await refused(bomb).toThrow('more text than any answer');
  });
});
