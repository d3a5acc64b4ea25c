import { describe, expect, test } from 'vitest';
import { inlineHtml } from './inline.ts';

describe('inlineHtml', () => {
  test('code', () => expect(inlineHtml('takes `vma_lock` twice')).toBe('takes <code>vma_lock</code> twice'));
  test('escapes, in code too', () =>
    expect(inlineHtml('`->fault` & <b>')).toBe('<code><span class="whole">-&gt;fault</span></code> &amp; &lt;b&gt;'));
  test('a lone backtick stays', () => expect(inlineHtml('a ` b')).toBe('a ` b'));
});
