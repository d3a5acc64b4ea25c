import { describe, expect, test } from 'vitest';
import { markdown } from './markdown.ts';

const known = (href: string) => (href.startsWith('/') ? `/base${href}` : undefined);
const of = (text: string) => markdown(text, known).text;

describe('markdown', () => {
  test('paragraphs with inline forms', () =>
    expect(of('Take `vma_lock`, **then**\nlook *again*.\n\nTwo * three * four.')).toBe(
      '<p>Take <code translate="no">vma_lock</code>, <strong>then</strong>\nlook <em>again</em>.</p><p>Two * three * four.</p>',
    ));

  test('code is not looked into', () =>
    expect(of('`a **b** <c>`')).toBe('<p><code translate="no">a **b** &lt;c&gt;</code></p>'));

  test('a fence keeps its blank lines', () =>
    expect(of('Before\n```ts\na\n\nb < c\n```\nafter')).toBe(
      '<p>Before</p><pre tabindex="0"><code translate="no">a\n\nb &lt; c</code></pre><p>after</p>',
    ));

  test('lists and headings', () => {
    expect(of('- one\n  more\n- two')).toBe('<ul><li>one more</li><li>two</li></ul>');
    expect(of('1. one\n2. two')).toBe('<ol><li>one</li><li>two</li></ol>');
    expect(of('### Where to read\ntext')).toBe('<h4>Where to read</h4><p>text</p>');
  });

  test('a source looks as in a lesson', () =>
    expect(of('So it is. *Source: mm/memory.c, Linux 6.1.*')).toBe(
      '<p>So it is. <cite><span class="visually-hidden">Source: </span>mm/memory.c, Linux 6.1</cite></p>',
    ));

  test('a link that does not resolve is its label', () => {
    expect(of('[the rule](/lessons/x/#the-rule)')).toBe('<p><a href="/base/lessons/x/#the-rule">the rule</a></p>');
    expect(of('[here](javascript:alert(1))')).not.toContain('href');
  });
});
