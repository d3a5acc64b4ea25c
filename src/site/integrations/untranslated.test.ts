import { expect, test } from 'vitest';
import { withCodeUntranslated } from './untranslated.ts';

test('code in prose is marked once, and a block of it at its outside', () => {
  expect(withCodeUntranslated('<p><code>vma</code> is <code translate="no">x</code></p>')).toBe(
    '<p><code translate="no">vma</code> is <code translate="no">x</code></p>',
  );
  expect(withCodeUntranslated('<code class="command">npm test</code>')).toContain('<code translate="no" class');
  expect(withCodeUntranslated('<pre class="code" tabindex="0"><span>a</span></pre>')).toBe(
    '<pre translate="no" class="code" tabindex="0"><span>a</span></pre>',
  );
});

test('scripts stay as they are: the policy has their hashes', () => {
  const script = '<script>a = "<code>"</script>';
  expect(withCodeUntranslated(script)).toBe(script);
});
