import { describe, expect, it } from 'vitest';
import { FieldReader, parseFieldFile, parsePage } from './front-matter.ts';

describe('parsePage', () => {
  it('splits fields from body and counts lines', () => {
    const page = parsePage('a.md', '---\ntitle: One\nlist: [1, 2]\n---\n\nBody\n---\nmore\n');
    expect(page.fields).toEqual({ title: 'One', list: [1, 2] });
    expect(page.body).toBe('\nBody\n---\nmore\n');
    expect(page.bodyLine).toBe(5);
    expect(page.problems).toEqual([]);
  });

  it('reads a file with CRLF', () => {
    const page = parsePage('a.md', '---\r\ntitle: One\r\n---\r\nBody\r\n');
    expect(page.fields).toEqual({ title: 'One' });
    expect(page.bodyLine).toBe(4);
  });

  it('takes empty front matter for no fields', () => {
    expect(parsePage('a.md', '---\n---\nBody').fields).toEqual({});
  });

  it('names the line of a slip in the YAML', () => {
    const { problems } = parsePage('a.md', '---\ntitle: One\nlist: [1, 2\n---\n');
    expect(problems[0]).toMatchObject({ file: 'a.md', rule: 'front matter is YAML', line: 4 });
  });

  it('says that front matter is missing', () => {
    expect(parsePage('a.md', 'Body').problems[0]?.rule).toBe('a page begins with its front matter');
    expect(parsePage('a.md', '---\nnever closed\n').problems).toHaveLength(1);
  });

  it('refuses a list', () => {
    expect(parsePage('a.md', '---\n- one\n---\n').problems[0]?.rule).toMatch(/named fields/);
  });
});

describe('FieldReader', () => {
  const reader = (yaml: string) => new FieldReader(parsePage('a.md', `---\n${yaml}\n---\n`));

  it('reads each kind', () => {
    const read = reader('t: text\nf: false\nn: 3\nr: [5, 10]\nl: [a, b]');
    expect(read.text('t')).toBe('text');
    expect(read.flag('f')).toBe(false);
    expect(read.count('n')).toBe(3);
    expect(read.range('r')).toEqual([5, 10]);
    expect(read.texts('l')).toEqual(['a', 'b']);
    expect(read.textsIfAny('absent')).toEqual([]);
    expect(read.textIfAny('t')).toBe('text');
    expect(read.countIfAny('n')).toBe(3);
    expect(read.choiceIfAny('f', [false, 'maybe'])).toBe(false);
    expect([read.textIfAny('absent'), read.countIfAny('absent'), read.choiceIfAny('absent', ['a'])]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(read.problems).toEqual([]);
  });

  it.each([
    ['a missing text', '', (read: FieldReader) => read.text('x')],
    ['an empty text', 'x: ""', (read: FieldReader) => read.text('x')],
    ['a range upside down', 'x: [10, 5]', (read: FieldReader) => read.range('x')],
    ['a range of words', 'x: [a, b]', (read: FieldReader) => read.range('x')],
    ['a word for a flag', 'x: "yes"', (read: FieldReader) => read.flag('x')],
    ['a fraction', 'x: 1.5', (read: FieldReader) => read.count('x')],
    ['a text for a list', 'x: one', (read: FieldReader) => read.texts('x')],
    ['another choice', 'x: maybe', (read: FieldReader) => read.choiceIfAny('x', ['talk', true])],
    ['an unknown field', 'x: 1', (read: FieldReader) => read.expectOnly(['y'])],
    ['a list that is there but wrong', 'x: 3', (read: FieldReader) => read.textsIfAny('x')],
  ])('refuses %s', (_, yaml, field) => {
    const read = reader(yaml);
    field(read);
    expect(read.problems).toHaveLength(1);
    expect(read.problems[0]?.rule).toContain('`x`');
  });

  it('does not repeat itself for front matter that could not be read', () => {
    const read = new FieldReader(parsePage('a.md', 'no front matter'));
    read.text('title');
    expect(read.problems).toHaveLength(1);
  });

  it('says which field was meant', () => {
    const read = reader('exersise: 5');
    read.expectOnly(['lesson', 'exercise']);
    expect(read.problems[0]?.advice).toBe('Did you mean "exercise"?');
  });
});

describe('parseFieldFile', () => {
  it('knows on which line a value stands', () => {
    const file = parseFieldFile('a.yaml', 'a track', '# A comment.\ntitle: One\nitems:\n  - break: 5\n  - lesson: x\n');
    expect(file.fields).toEqual({ title: 'One', items: [{ break: 5 }, { lesson: 'x' }] });
    expect(file.lineOf(['items', 1])).toBe(5);
    expect(file.lineOf(['items', 7])).toBe(1);
  });

  it.each([
    ['a slip in the YAML', 'title: [1', 'a track is YAML', 1],
    ['a list', '- one', 'a track is a list of named fields', 1],
  ])('names the line of %s', (_, text, rule, line) => {
    expect(parseFieldFile('a.yaml', 'a track', text).problems[0]).toMatchObject({ file: 'a.yaml', rule, line });
  });

  it('takes an empty file for no fields', () => {
    const { fields, problems } = parseFieldFile('a.yaml', 'a track', '');
    expect([fields, problems]).toEqual([{}, []]);
  });
});
