import { describe, expect, it } from 'vitest';
import { plainLook } from './look.ts';
import { codeLines, indent, renderMarkdown, widthOf, wrap } from './prose.ts';

const rendered = (markdown: string, width = 40) => renderMarkdown(plainLook, markdown, { width }).join('\n');

it('breaks a line of code that is too long where it has spaces, and goes on further in', () => {
  expect(codeLines('  const a = 1;     // one, and no more', 24)).toEqual([
    '  const a = 1;',
    '      // one, and no',
    '      more',
  ]);
  expect(codeLines('short  // one', 24)).toEqual(['short  // one']);
});

it('cuts a word that is too long where a name ends', () =>
  expect(wrap('__vfio_pci_memory_enabled(vconfig[PCI_COMMAND])', 30)).toEqual([
    '__vfio_pci_memory_enabled(',
    'vconfig[PCI_COMMAND])',
  ]));

describe('wrap', () => {
  it('breaks at spaces', () => expect(wrap('one two three', 7)).toEqual(['one two', 'three']));
  it('cuts what does not fit', () => expect(wrap('a abcdefgh b', 4)).toEqual(['a ab', 'cdef', 'gh b']));
  it('keeps line breaks', () => expect(wrap('one\n\ntwo', 10)).toEqual(['one', '', 'two']));
  it('does not count colours', () => expect(wrap('\u001b[31mone\u001b[39m two', 7)).toHaveLength(1));
});

describe('widthOf', () => {
  it('counts characters, not code units or colours', () => expect(widthOf('\u001b[1m𝒳é\u001b[22m')).toBe(2));
});

describe('indent', () => {
  it('leaves empty lines empty', () => expect(indent(['a', ''], 2)).toEqual(['  a', '']));
});

describe('renderMarkdown', () => {
  it('joins and wraps paragraphs', () => {
    expect(rendered('One\ntwo three.\n\nFour.', 9)).toBe('One two\nthree.\n\nFour.');
  });

  it('takes marks away, but not those of code', () => {
    expect(rendered('**Look** *again*: `vma_list` and vma_lock_x.')).toBe('Look again: `vma_list` and vma_lock_x.');
  });

  it('breaks no code that fits into a line', () => {
    expect(rendered('Then write `if (x) return;` here.', 20)).toBe('Then write\n`if (x) return;`\nhere.');
    expect(rendered('Then write `a b c d e f` here.', 8)).toBe('Then\nwrite `a\nb c d e\nf` here.');
  });

  it('shows code by its colour alone, where there are colours', () => {
    const look = { ...plainLook, colour: true };
    expect(renderMarkdown(look, 'The `vma list` of `v`.')).toEqual([
      'The \u001b[36mvma list\u001b[39m of \u001b[36mv\u001b[39m.',
    ]);
  });

  it('shows the text of a link, and the address of one to elsewhere', () => {
    expect(rendered('See [the rule](/lessons/one-fault/#the-rule), [mail](https://a.org/b).', 60)).toBe(
      'See the rule, mail <https://a.org/b>.',
    );
  });

  it('says where a link into the course leads, where that is known', () => {
    const placeOf = (link: string) => (link.startsWith('/lessons/') ? '(a file)' : undefined);
    const text = renderMarkdown(plainLook, 'Read [it](/lessons/x/), a [term](/glossary/#pte).', { placeOf });
    expect(text).toEqual(['Read it (a file), a term.']);
  });

  it('drops tags of components', () => expect(rendered('A <Term id="pte">PTE</Term>.')).toBe('A PTE.'));

  it('hangs lists', () => {
    expect(rendered('Two:\n\n- one is long\n  enough\n- two\n\n1. first', 12)).toBe(
      'Two:\n\n- one is\n  long\n  enough\n- two\n1. first',
    );
  });

  it('keeps code as it is', () => {
    expect(rendered('Write:\n\n```ts\nif (x) {\n\n  y();\n}\n```\nDone.')).toBe(
      'Write:\n\n    if (x) {\n\n      y();\n    }\n\nDone.',
    );
  });

  it('draws a table in columns where it fits', () =>
    expect(rendered('| a | long |\n|---|---|\n| `one` | 2 |')).toBe('a      long\n`one`  2'));

  it('tells a table row by row where it is too wide, or read out', () => {
    const table = '| who | where | what it says |\n|---|---|---|\n| `pc` | here | it stood |\n| `x2` | |';
    expect(rendered(table, 16)).toBe('`pc`  here\n  what it says:\n  it stood\n`x2`');
    const look = { ...plainLook, spoken: true };
    expect(renderMarkdown(look, table)).toEqual(['pc: here', 'what it says: it stood', 'x2']);
  });

  it('marks a source, with the address of what no clone of Linux holds', () => {
    const source =
      'So. <Source href="https://a.org/b">a mail</Source> <Source href="https://git/c">commit 1a2b</Source>';
    expect(rendered(source, 80)).toBe('So. (source: a mail, <https://a.org/b>) (source: commit 1a2b)');
  });

  it('gives no room to marks that are not shown', () =>
    expect(renderMarkdown({ ...plainLook, colour: true }, 'A `bc` d', { width: 6 })).toHaveLength(1));

  it('shows headings without their signs', () => expect(rendered('### Why\nSo.')).toBe('Why\n\nSo.'));
  it('has nothing to say about nothing', () => expect(renderMarkdown(plainLook, '')).toEqual([]));
});
