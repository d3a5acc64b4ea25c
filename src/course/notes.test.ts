import { describe, expect, it } from 'vitest';
import { workshopFiles } from './fixtures.ts';
import { parseNotes } from './notes.ts';

const file = 'content/workshop/notes/05-first.md';
const good = workshopFiles[file] ?? '';
const parse = (text: string) => parseNotes(file, { number: 5, id: 'first' }, text);

describe('parseNotes', () => {
  it('reads minutes, sections and the places where people stick', () => {
    const notes = parse(good);
    expect(notes.problems).toEqual([]);
    expect(notes).toMatchObject({ id: 'first', talk: 10, debrief: 5 });
    expect(notes.sections.map(({ heading }) => heading)).toEqual([
      'What it is for',
      'Ask before the experiment',
      'Where people stick',
      'What to skip',
    ]);
    expect(notes.sticks.map(({ heading }) => heading)).toEqual(['tortoise-one', 'tortoise-two', 'no-recheck']);
    expect(notes.sticks.map(({ line }) => good.split('\n')[line - 1])).toEqual([
      '### tortoise-one',
      '### tortoise-two',
      '### no-recheck',
    ]);
  });

  it.each<[string, string | RegExp, string, string]>([
    ['no minutes of talk', 'talk: 10\n', '', 'front matter has `talk`: a whole number from 1 up'],
    ['a field of another name', 'talk: 10', 'talk: 10\nbreak: 5', 'front matter has no `break`'],
    ['a section that is not there', /## What to skip[\s\S]*/, '', 'notes have four sections, in this order'],
    ['a section of another name', 'What to skip', 'What to drop', 'notes have four sections, in this order'],
    ['an empty section', /Skip [^\n]*/, '', 'no section of the notes is empty'],
    ['two places', /### tortoise-two[\s\S]*?(?=###)/, '', 'notes name three places where people stick'],
    ['a heading that is no id', '### no-recheck', '### No recheck', 'a place where people stick has the id of its'],
    ['nothing to say', '**Say:** “Look again.”', 'Tell them.', 'a place where people stick says what to say then'],
  ])('names %s', (_, from, to, rule) => {
    const after = good.replace(from, to);
    expect(after).not.toBe(good);
    const { problems } = parse(after);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.rule).toContain(rule);
    expect(problems[0]?.file).toBe(file);
  });
});
