import { describe, expect, test } from 'vitest';
import { html } from './html.ts';
import { type EntryLook, entriesOf, pageTablesMarkup } from './page-table.ts';

const table = (level: string, name: string, texts: Record<number, string>, process = 'p') => ({
  level,
  name,
  process,
  entries: Object.entries(texts).map(([index, text]) => ({ index: Number(index), name: `${name}[${index}]`, text })),
});

/** Two vmas far apart: each has a table of its own. */
const apart = (ofV: Record<number, string>, ofW: Record<number, string>, way = 'table') => [
  table('pgd', 'pgd', { 0: 'table' }),
  table('pud', 'pud', { 0: 'table' }),
  table('pmd', 'pmd', { 1: 'table', 7: way }),
  table('pte', 'pte table of v', ofV),
  table('pte', 'pte table of w', ofW),
];

const shown = (
  tables: unknown,
  { written = [] as string[], folds }: { written?: string[]; folds?: EntryLook['folds'] } = {},
) => {
  const look: EntryLook = {
    folds,
    isWritten: (of, index) => written.includes(`${of}/${index}`),
    draw: (_, { index, text }) => html`(${index} ${text || 'empty'})`,
  };
  return html`${pageTablesMarkup(tables, look)}`.text;
};
const open = (tables: unknown, more?: Parameters<typeof shown>[1]) =>
  [...shown(tables, more).matchAll(/data-fold="([^"]*)"( open)?/g)].map(
    ([, title, isOpen]) => `${title}${isOpen ?? ''}`,
  );

describe('pageTablesMarkup', () => {
  test('stands tables with one way on in the line of what they lead to', () => {
    const only = apart({ 0: 'bar0[0]', 1: '' }, {}).filter(({ name }) => !name.endsWith('w'));
    only[2] = table('pmd', 'pmd', { 1: 'table' });
    expect(shown(only).replaceAll(/<[^>]+>/g, '')).toMatch(
      /^Page table, process ppgd\[0\] → pud\[0\] → pmd\[1\] → pte table of v 1 of 2 full\s+\(0 bar0\[0\]\)\(1 empty\)/,
    );
    expect(open(only)).toEqual(['pte table of v, process p open']);
  });

  test('folds a branch in which nothing is mapped and nobody has written', () => {
    const tables = apart({ 0: 'bar0[0]' }, { 0: '' });
    const [pmd, v, w] = ['pmd, process p open', 'pte table of v, process p', 'pte table of w, process p'];
    expect(open(tables)).toEqual([pmd, `${v} open`, w]);
    expect(open(tables, { written: [`${w}/0`] })).toEqual([pmd, `${v} open`, `${w} open`]);
    expect(
      open(tables, {
        folds: new Map([
          [v, false],
          [w, true],
        ]),
      }),
    ).toEqual([pmd, v, `${w} open`]);
  });

  test('ends where an upper entry is missing, or maps a huge page', () => {
    const tables = apart({ 0: '' }, { 0: '' }, '');
    expect(shown(tables)).toContain('(7 empty)');
    expect(open(tables)).toEqual(['pmd, process p open', 'pte table of v, process p']);
    expect(shown(apart({ 0: '' }, { 0: '' }, 'bar0[512]'))).toContain('(7 bar0[512])');
  });

  test('gives each process its own', () => {
    const both = ['p', 'q'].flatMap((process) => [
      table('pmd', `pmd of ${process}`, { 1: 'table' }, process),
      table('pte', 'pte table of v', { 0: process }, process),
    ]);
    expect(
      shown(both)
        .replaceAll(/<[^>]+>/g, '')
        .replaceAll(/\s+/g, ' '),
    ).toBe(
      'Page table, process ppmd of p[1] → pte table of v 1 of 1 full (0 p) Page table, process qpmd of q[1] → pte table of v 1 of 1 full (0 q) ',
    );
  });

  test.each([
    undefined,
    7,
    [null],
    [{ level: 'pte' }],
    [{ level: 'pmd', entries: [{ text: 'table' }] }],
    [{ entries: 7 }],
  ])('survives a forged one: %j', (tables) => expect(() => shown(tables)).not.toThrow());
});

test('entriesOf has those of all levels', () =>
  expect([...entriesOf({ tables: apart({ 0: 'x' }, {}) })]).toEqual([
    ['pgd, process p/0', 'table'],
    ['pud, process p/0', 'table'],
    ['pmd, process p/1', 'table'],
    ['pmd, process p/7', 'table'],
    ['pte table of v, process p/0', 'x'],
  ]));
