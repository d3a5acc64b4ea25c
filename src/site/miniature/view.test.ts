import { expect, test } from 'vitest';
import { momentsOfTheRace } from './moments.ts';
import { momentAt } from './moves.ts';
import { choicesMarkup, endMarkup, entriesMarkup, isOver, longest, rowsMarkup, spokenText } from './view.ts';

const moments = momentsOfTheRace();
const at = (moves: string) => momentAt(moments, moves);
const plain = (markup: { text: string }) =>
  markup.text
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

test('every row has its place from the beginning', () => {
  for (const moment of Object.values(moments)) {
    expect(moment.rows.length).toBeLessThanOrEqual(longest);
    expect(rowsMarkup(moment).text.match(/<tr>/g)).toHaveLength(longest);
  }
});

test('a CPU has a button for each thing it can do, or says that it has returned', () => {
  expect(plain(choicesMarkup(at(''), 'A'))).toBe('A only looks A runs to its end');
  expect(plain(choicesMarkup(at('a'), 'A'))).toBe('A runs to its end');
  expect(plain(choicesMarkup(at('aB'), 'B'))).toBe('B has returned');
});

test('entries tell by letters who has filled them', () => {
  expect(plain(entriesMarkup(at('a')))).toBe('0 empty 1 empty 2 empty 3 empty');
  expect(plain(entriesMarkup(at('aB')))).toBe('0 filled by B 1 filled by B 2 filled by B 3 filled by B');
});

test('the end names who came first and who died, whoever it was', () => {
  expect(isOver(at('aB'))).toBe(false);
  expect(isOver(at('bAB'))).toBe(true);
  expect(plain(endMarkup(at('bAB')))).toMatch(
    /^kernel BUG at mm.*You made two CPUs crash\. .* A filled them\. B trusts/,
  );
  expect(plain(endMarkup(at('BA')))).toMatch(/^No crash this time\. B had filled the entries before A looked/);
});

test('each move is told to the ear', () => {
  expect(spokenText(at('a'))).toBe('CPU A looks: entry 0 is empty.');
});
