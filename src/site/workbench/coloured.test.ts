import { expect, test } from 'vitest';
import { coloured } from './coloured.ts';

test('code is escaped, keeps its lines, and has a class for what a token is', () =>
  expect(coloured("// a < b\nconst n: Cell = read('x', 1);\n").text).toBe(
    `<span class="c">// a &lt; b</span>\n<span class="k">const</span> n: <span class="t">Cell</span> <span class="k">=</span> ` +
      `<span class="f">read</span>(<span class="s">&#39;x&#39;</span>, <span class="n">1</span>);\n`,
  ));
