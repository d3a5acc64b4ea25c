import { describe, expect, it } from 'vitest';
import { readCatalogue } from './catalogue.ts';
import { goodCourse } from './fixtures.ts';
import { workshopProblems } from './workshop-rules.ts';

const track = 'content/workshop/tracks/an-hour.yaml';
const notes = 'content/workshop/notes/10-second.md';

type Files = Record<string, string>;

/** What the rules say of the good course after a change. */
function problemsAfter(change: (files: Files) => void) {
  const files = { ...goodCourse };
  change(files);
  expect(files).not.toEqual(goodCourse);
  const catalogue = readCatalogue(files);
  expect(catalogue.problems).toEqual([]);
  return workshopProblems(catalogue);
}

const edit = (file: string, from: string | RegExp, to: string) => (files: Files) => {
  files[file] = (files[file] ?? '').replace(from, to);
};
const rename = (from: string, to: string) => (files: Files) => {
  files[to] = files[from] ?? '';
  delete files[from];
};

describe('the rules about workshops', () => {
  it('have nothing to say of a good course', () => {
    expect(workshopProblems(readCatalogue(goodCourse))).toEqual([]);
  });

  it.each<[string, (files: Files) => void, string, string]>([
    [
      'an unknown lesson',
      edit(track, 'second', 'secnod'),
      `${track}:12: a track names lessons that exist`,
      'of first, second',
    ],
    [
      'a lesson twice',
      edit(track, '- break: 10', '- lesson: first\n    only: talk'),
      `${track}:11: a lesson stands in`,
      'there',
    ],
    ['a track that is too long', edit(track, '75', '60'), `${track}: a track fits into its time`, 'take out 4.'],
    [
      'cuts that give too little',
      edit(track, 'cutWhenLate: true', ''),
      `${track}: what a track can leave out`,
      'to 13:',
    ],
    [
      'cuts that give less than what comes instead of them leaves',
      edit(track, 'Show how it ends.', 'Show how it ends.\n    insteadTakes: 4'),
      `${track}: what a track can leave out`,
      'to 14:',
    ],
    [
      'half an exercise',
      edit(track, /exercise: 6\n.*/, 'exercise: 4'),
      `${track}:8: what gets less time`,
      '5 at least',
    ],
    ['half a talk', edit(track, /exercise: 6\n.*/, 'talk: 9'), `${track}:8: what gets less time`, 'takes 10 minutes'],
    [
      'a wrong order',
      edit(track, /^ {2}- lesson: first[\s\S]*?(?= {2}- break)/m, ''),
      `${track}:9: what a lesson`,
      '"first", which is not',
    ],
    [
      'a cut of what is needed later',
      edit(track, 'exercise: 6', 'exercise: 6\n    cutWhenLate: true'),
      `${track}:13: what a lesson builds on comes earlier`,
      'not there before it once it is left out',
    ],
    ['a place that is unknown', edit(notes, 'hare-two', 'hare-tow'), `${notes}:22: people stick at a misc`, 'hints.md'],
    [
      'notes of another number',
      rename(notes, notes.replace('10', '11')),
      `${notes.replace('10', '11')}: notes belong`,
      notes,
    ],
  ])('name %s', (_, change, place, advice) => {
    const problems = problemsAfter(change);
    expect(problems).toHaveLength(1);
    const [{ file, line, rule, advice: said }] = problems as [(typeof problems)[number]];
    expect(`${file}${line === undefined ? '' : `:${line}`}: ${rule}`).toContain(place);
    expect(said).toContain(advice);
  });

  it('name a lesson without notes, there and in each track', () => {
    const places = problemsAfter((files) => delete files[notes]).map(({ file, rule }) => `${file}: ${rule}`);
    expect(places).toEqual([
      "content/lessons/10-second.mdx: a lesson has its instructor's notes",
      `${track}: a lesson of a track has notes`,
    ]);
  });

  it('name notes without a lesson', () => {
    const change = (files: Files) => {
      files['content/workshop/notes/15-third.md'] = files[notes] ?? '';
    };
    expect(problemsAfter(change)[0]?.advice).toContain('There is no lesson "third"');
  });

  it('let half an exercise be, if the track says which half', () => {
    expect(problemsAfter(edit(track, 'exercise: 6', 'exercise: 4'))).toEqual([]);
  });
});
