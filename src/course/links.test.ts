import { describe, expect, it } from 'vitest';
import { readCatalogue } from './catalogue.ts';
import { goodCourse } from './fixtures.ts';
import { linkProblems } from './links.ts';

const first = 'content/lessons/05-first.mdx';

const problemsOf = (files: Record<string, string>) => linkProblems(readCatalogue(files), files);
const adding = (text: string, file = first) => problemsOf({ ...goodCourse, [file]: `${goodCourse[file]}\n${text}\n` });

describe('linkProblems', () => {
  it('has nothing to say of a good course', () => expect(problemsOf(goodCourse)).toEqual([]));

  it.each([
    ['a lesson', '[x](/lessons/second/)'],
    ['the front page', '[x](/)'],
    ['an anchor of the page itself', '[x](#the-rule)'],
    ['an anchor of a tag', '<span id="here"></span> [x](#here)'],
    ['a heading with marks in it', '## Why `a` is **not** B\n\n[x](#why-a-is-not-b)'],
    ['a second heading of one name', '## The rule\n\n[x](#the-rule-1)'],
    ['another site', '[x](https://example.org/a#b), <a href="mailto:x@example.org">x</a>'],
    ['a slice of a file', '<Slice file="exercises/05-first/solution.ts" of="fault" />'],
    ['a slice of another folder', '<Slice file="src/linux/mm/memory.ts" />'],
    ['what is only code', '`[x](nowhere)`\n\n```md\n[x](nowhere)\n<Term id="nothing" />\n```\n{/* [x](nowhere) */}'],
  ])('accepts %s', (_, text) => expect(adding(text)).toEqual([]));

  it.each([
    ['a page that is not there', '[x](/lessons/secnd/)', 'no page "/lessons/secnd/". Did you mean "second"?'],
    ['a page without its last slash', '[x](/lessons/second)', 'no page "/lessons/second"'],
    [
      'an anchor that is not there',
      '[x](/lessons/second/#the-ruel)',
      'no "#the-ruel" on that page. Did you mean "the-rule"?',
    ],
    ['an anchor that is not on this page', '[x](#nowhere)', 'no "#nowhere"'],
    ['a term that is not there', '[x](/glossary/#ptee)', 'no "#ptee"'],
    ['a misconception that is not there', '[x](/misconceptions/#none)', 'no "#none"'],
    ['a relative link', '[x](10-second.mdx)', 'is relative: write it from the root'],
    ['an address in a tag', '<a href="/nowhere/">x</a>', 'no page "/nowhere/"'],
    ['a <Term> without an entry', '<Term id="pfn">PFN</Term>', 'no content/glossary/pfn.md: write it.'],
    ['a <Workbench> without an exercise', '<Workbench id="frist" />', 'no exercise "frist". Did you mean "first"?'],
    ['a <Slice> without a file', '<Slice file="exercises/05-first/none.ts" />', 'no file exercises/05-first/none.ts'],
    ['a <Prediction> named after another lesson', '<Prediction\n  id="second/x"\n/>', '"second/x" must begin with'],
  ])('names %s', (_, text, advice) => {
    const found = adding(text);
    expect(found).toHaveLength(1);
    expect(found[0]?.advice).toContain(advice);
  });

  it('names the line', () => {
    const line = (goodCourse[first] ?? '').split('\n').length;
    expect(adding('```\ncode\n```\n[x](/nowhere/)')).toMatchObject([{ file: first, line: line + 4 }]);
  });

  it('reads hints, terms and misconceptions too', () => {
    for (const file of [
      'exercises/05-first/hints.md',
      'content/glossary/pte.md',
      'content/misconceptions/no-recheck.md',
    ]) {
      expect(adding('[x](/nowhere/)', file)).toMatchObject([{ file }]);
    }
  });

  it('knows the pages beside the course, and reads them too', () => {
    const files = { ...goodCourse, 'content/pages/about.mdx': '# About\n\n## Why\n\n[x](#why) [y](/lessons/none/)\n' };
    expect(problemsOf(files).map(({ file, line, advice }) => `${file}:${line} ${advice}`)).toEqual([
      expect.stringContaining('content/pages/about.mdx:5 There is no page "/lessons/none/"'),
    ]);
    expect(
      problemsOf({
        ...files,
        'content/pages/about.mdx': '## Why',
        [first]: `${goodCourse[first]}\n[x](/about/#why)\n`,
      }),
    ).toEqual([]);
  });

  it('wants the page named in a text that stands on several', () => {
    expect(adding('[x](#the-rule)', 'exercises/05-first/hints.md')[0]?.advice).toContain('name the page too');
  });

  it('names a prediction whose id is taken', () => {
    const found = adding('<Prediction id="first/outcome" question="Again?" />');
    expect(found).toMatchObject([{ file: first, rule: 'a prediction has an id of its own' }]);
  });
});
