import { expect, it } from 'vitest';
import { notesHtml } from './notes-html.ts';

const rendered =
  '<h2 id="where-people-stick">Where people stick</h2>\n<h3 id="no-recheck">no-recheck</h3>\n<p>See <code>x</code>.</p>';
const belief = (id: string) => (id === 'no-recheck' ? 'The race is <code>gone</code>.' : undefined);

it('stands below a heading of another level, says the belief, and sets no anchors', () => {
  expect(notesHtml(rendered, 3, belief)).toBe(
    '<h3>Where people stick</h3>\n<h4>The race is <code>gone</code>.</h4>\n<p>See <code>x</code>.</p>',
  );
});

it('leaves a heading that is no misconception as it is', () => {
  expect(notesHtml('<h3 id="a">A</h3>', 4, belief)).toBe('<h5>A</h5>');
});
