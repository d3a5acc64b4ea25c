import { codeToHtml } from 'shiki';
import { describe, expect, test } from 'vitest';
import { shikiConfig } from './highlight.ts';

const highlight = (code: string, lang: string, meta = '') =>
  codeToHtml(code, { ...shikiConfig, transformers: [...shikiConfig.transformers], lang, meta: { __raw: meta } });

describe('code colours', () => {
  test('are classes', async () => {
    const html = await highlight('return VM_FAULT_SIGBUS; // no', 'ts');
    expect(html).toContain('<span class="k">return</span><span class="n"> VM_FAULT_SIGBUS</span>;');
    expect(html).toContain('<span class="c">// no</span>');
  });

  test.each(['ts', 'c', 'diff', 'sh', 'json', 'text'])('need no style attribute in %s', async (lang) =>
    expect(await highlight('/* a */ int b = "c"; // d\n+ e', lang)).not.toContain('style='),
  );

  test('a line is marked by its number', async () =>
    expect(await highlight('one\ntwo', 'text', '{2}')).toContain('one\n<span class="line mark">two</span>'));

  test('a line is marked as removed', async () =>
    expect(await highlight('one(); // [!code --]', 'ts')).toContain('class="line removed"'));
});
