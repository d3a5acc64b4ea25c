import { describe, expect, test } from 'vitest';
import { type Slide, slidesOf } from './cut.ts';

/** So many sentences, in one paragraph. */
const words = (count: number): string => `<p>${'The list says which vmas may be filled. '.repeat(count).trim()}</p>`;
const prediction = '<fault-prediction><form><p>Which one?</p></form></fault-prediction>';
const experiment = '<figure class="experiment"><p>A trace</p></figure>';
const desk = '<section class="desk"><p>On your own machine</p></section>';

/** A slide as a line: its title, and the elements that stand on it. */
const outline = ({ title, html }: Slide): string =>
  `${title}: ${html
    .replaceAll(/>[^<]*</g, '><')
    .match(/<\w[\w-]*/g)
    ?.join('')}`;
const outlines = (html: string): string[] => slidesOf(html).map(outline);

describe('a lesson is cut', () => {
  test('at each heading, whose title all slides below it have', () => {
    const html = `<p>Goal</p><h2 id="a">A &amp; <code>b</code></h2>${words(12)}${words(12)}<h2>B</h2><p>x</p>`;
    expect(slidesOf(html).map(({ title }) => title)).toEqual([
      '',
      'A &amp; <code>b</code>',
      'A &amp; <code>b</code>',
      'B',
    ]);
  });

  test('around what has a slide to itself, and never behind what leads to it', () => {
    const html = `<h2>A</h2>${words(4)}${prediction}${words(4)}<p>One of them goes wrong:</p>${experiment}${words(1)}`;
    expect(outlines(html)).toEqual(['A: <p', 'A: <fault-prediction<form<p', 'A: <p', 'A: <p<figure<p', 'A: <p']);
  });

  test('not behind a short sentence, where what comes next leaves room for it', () => {
    const long = `<fault-prediction><form>${'<label>It faults again and again, for ever</label>'.repeat(9)}</form></fault-prediction>`;
    expect(slidesOf(`<h2>A</h2><p>Start with the simplest suspect.</p>${prediction}`)).toHaveLength(1);
    expect(slidesOf(`<h2>A</h2><p>Start with the simplest suspect.</p>${long}`)).toHaveLength(2);
  });

  test('not in front of what is folded: closed, it would be all that stands on its slide', () => {
    const folded = `<details><summary>More</summary>${words(30)}</details>`;
    expect(outlines(`<h2>A</h2>${words(4)}${folded}`)).toEqual(['A: <p<details<summary<p']);
  });

  test('around a folded list, which is open, and with smaller letters for a long listing', () => {
    const steps = '<details><summary>Steps of A</summary><ol><li>lock</li></ol></details>';
    const [above, list, below] = slidesOf(
      `<h2>A</h2>${words(12)}${steps}${words(2)}<pre>${'a line\n'.repeat(18)}</pre>`,
    );
    expect([above?.html, list?.html]).toEqual([words(12), steps.replace('<details', '<details open')]);
    expect(below?.html).not.toContain('details');
    expect(
      slidesOf(`<pre>${'a line\n'.repeat(18)}</pre><pre>short</pre>`)
        .map(({ html }) => html)
        .join(),
    ).toMatch(/<pre data-long>a line[\s\S]*<pre>short/);
  });

  test('not between a claim and its source, nor between a script and what needs it', () => {
    const html = `<h2>A</h2>${experiment}<script src="/x.js"></script><cite>commit</cite>${words(12)}<cite>mail</cite>`;
    expect(outlines(html)).toEqual(['A: <figure<p<script<cite', 'A: <p<cite']);
  });

  test('so that nothing is lost, and all of it stays in its order', () => {
    const html = `<p>1</p><h2>A</h2>${words(5)}<ul><li>2</li></ul>${prediction}${words(30)}<pre>3</pre>${desk}${words(2)}`;
    const without = html.replace('<h2>A</h2>', '');
    expect(
      slidesOf(html)
        .map((slide) => slide.html)
        .join('')
        .replaceAll('\n', ''),
    ).toBe(without);
  });

  test('evenly: no slide is left with a line where the one before it is full', () => {
    const html = `<h2>A</h2>${Array.from({ length: 6 }, () => words(2)).join('')}`;
    const sizes = slidesOf(html).map((slide) => slide.html.match(/<p>/g)?.length);
    expect(sizes).toEqual([3, 3]);
  });

  test('inside a list that is too long for one slide, which goes on counting', () => {
    const item = (at: number) => `<li>${at} ${'of the rules that a fault handler keeps. '.repeat(3)}</li>`;
    const html = `<h2>A</h2><ol>${[1, 2, 3, 4, 5, 6].map(item).join('\n')}</ol>`;
    expect(outlines(html)).toEqual(['A: <ol<li<li<li', 'A: <ol<li<li<li']);
    expect(slidesOf(html)[1]?.html).toContain('<ol start="4"><li>4 of');
  });

  test('between the rows of a table that is too long for one slide, each part with its head', () => {
    const row = '<tr><td>vma_lock</td><td>guards the list of what is filled</td></tr>';
    const table = `<div class="scroll"><table><thead><tr><th>lock</th><th>what for</th></tr></thead><tbody>${row.repeat(12)}</tbody></table></div>`;
    const parts = slidesOf(`<h2>A</h2>${table}`).map(({ html }) => [
      html.match(/<th>/g)?.length,
      html.match(/<td>/g)?.length,
    ]);
    expect(parts).toEqual([
      [2, 12],
      [2, 12],
    ]);
  });

  test('with what the page folds until all have worked, and without the line that unfolds it', () => {
    const folded = `<details class="afterwards"><summary>Open it when you have yours.</summary>${words(1)}<cite>x</cite></details>`;
    expect(outlines(`${desk}<h2>B</h2>${folded}`)).toEqual([': <section<p', 'B: <p<cite']);
  });

  test('into what one tells, where all work, and what is talked over', () => {
    const html = `<p>Goal</p><h2>Your turn</h2>${words(4)}${desk}<h2>What you proved</h2><p>All of it.</p>`;
    expect(slidesOf(html).map(({ phase }) => phase)).toEqual(['talk', 'talk', 'exercise', 'debrief']);
  });
});
