import { describe, expect, test } from 'vitest';
import { pictureMarkup } from './picture.ts';

const machine = (text: string, holders: string[] = []) => ({
  tables: [
    { level: 'pmd', name: 'pmd', entries: [{ index: 1, text: 'table' }] },
    { level: 'pte', name: 'pte table of v', entries: [{ index: 0, text }] },
  ],
  locks: [{ name: 'vma_lock', holders }],
  list: ['v', 'v'],
  device: { memory: 'enabled', power: 'D3hot' },
});
const of = (picture: unknown, before?: unknown, waits: { task: string; lock: string; heldBy: string[] }[] = []) =>
  pictureMarkup({ picture, waits }, before === undefined ? undefined : { picture: before, waits: [] }).text;

describe('pictureMarkup', () => {
  test('shows the lowest tables, locks with who waits, list and device', () => {
    const shown = of(machine('bar0[0]', ['B']), undefined, [{ task: 'A', lock: 'vma_lock', heldBy: ['B'] }]);
    expect(shown).toContain('<dt>0</dt><dd>bar0[0]</dd>');
    expect(shown.replaceAll(/<\/?span[^>]*>/g, '')).toContain('<dt>vma_lock</dt><dd>B; A waits</dd>');
    expect(shown).toMatch(/class="bar holds[^>]*>B<.*class="bar waits[^>]*>A waits</);
    expect(shown).toContain('<dt>vma_list</dt><dd>v → v</dd>');
    expect(shown).toContain('<dt>memory</dt><dd>enabled</dd>');
    expect(shown).toContain('<dt>power</dt><dd>D3hot</dd>');
    expect(shown).not.toContain('pmd');
  });

  test('marks what has changed, in words too', () => {
    const shown = of(machine('bar0[0]'), machine(''));
    expect(shown.match(/class="changed"/g)).toHaveLength(1);
    expect(shown).toContain('<span class="visually-hidden">now </span>bar0[0]');
    expect(of(machine('bar0[0]'))).not.toContain('changed');
  });

  test('shows the values of a program that is no kernel', () =>
    expect(of({ faults: 2 })).toContain('<dt>faults</dt><dd>2</dd>'));

  test.each([
    undefined,
    null,
    7,
    [],
    { tables: 7, locks: { a: 1 }, list: 'x', device: null },
    { tables: [{ entries: [null] }] },
  ])('survives a forged picture: %j', (picture) => expect(() => of(picture)).not.toThrow());
});
