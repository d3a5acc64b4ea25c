import { describe, expect, test } from 'vitest';
import { address, withAddresses } from './links.ts';

describe('address', () => {
  test.each([
    ['/lessons/one-fault/#the-rule', '/lessons/one-fault/#the-rule'],
    ['10-be-the-scheduler.mdx', '/lessons/be-the-scheduler/'],
    ['../lessons/10-be-the-scheduler.mdx#watch', '/lessons/be-the-scheduler/#watch'],
    ['../glossary/pte.md', '/glossary/#pte'],
    ['/glossary/pte/', '/glossary/#pte'],
    ['/glossary/#pte', '/glossary/#pte'],
    ['/misconceptions/no-recheck', '/misconceptions/#no-recheck'],
    ['#watch', '#watch'],
    ['https://example.com/glossary/pte/', 'https://example.com/glossary/pte/'],
  ])('%s', (href, expected) => expect(address(href)).toBe(expected));
});

test('withAddresses', () =>
  expect(withAddresses('<p><a href="../glossary/pte.md">PTE</a></p>')).toBe('<p><a href="/glossary/#pte">PTE</a></p>'));
