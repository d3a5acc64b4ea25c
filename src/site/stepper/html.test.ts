import { expect, test } from 'vitest';
import { html } from './html.ts';

test('escapes what is put in, in text and in attributes', () => {
  const hostile = `"><img src=x onerror='alert(1)'>&`;
  expect(String(html`<p title="${hostile}">${hostile}</p>`)).toBe(
    `<p title="&quot;&gt;&lt;img src=x onerror=&#39;alert(1)&#39;&gt;&amp;">&quot;&gt;&lt;img src=x onerror=&#39;alert(1)&#39;&gt;&amp;</p>`,
  );
});

test('leaves markup, joins lists, drops what is not there', () => {
  expect(String(html`<ul>${[1, 2].map((n) => html`<li>${n}</li>`)}${false}${undefined}${0}</ul>`)).toBe(
    '<ul><li>1</li><li>2</li>0</ul>',
  );
});
