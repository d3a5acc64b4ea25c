/** What a terminal reads of the lessons' predictions is what the pages show, and the engine answers each. */

import { expect, it } from 'vitest';
import { answerTo } from '../src/course/experiments/answer-to.ts';
import { loadCatalogue, projectRoot } from '../src/course/node/course-files.ts';
import { predictionsIn } from '../src/course/predictions.ts';

const { lessons } = await loadCatalogue(projectRoot);

it.each(lessons.map((lesson) => [lesson.id, lesson] as const))('reads the predictions of %s', (id, { body }) => {
  const predictions = predictionsIn(body);
  expect(predictions).toHaveLength(body.split('<Prediction').length - 1);
  const keys = [...body.matchAll(/\bkey: '([^']*)'/g)].map(([, key]) => key);
  expect(predictions.flatMap(({ options }) => options.map(({ key }) => key))).toEqual(keys);
  for (const { id: question, question: asked, options } of predictions) {
    expect(question.startsWith(`${id}/`)).toBe(true);
    expect(asked).not.toBe('');
    for (const { text, reason } of options) expect([text, reason]).not.toContain('');
    const all = options.map(({ key }) => key);
    expect(all).toContain(answerTo(question, all));
  }
});
