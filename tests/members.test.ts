import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../src/course/node/course-files.ts';
import { members } from '../src/grade/compile/members.ts';
import { compile } from '../src/grade/compile.ts';
import { importTable } from '../src/grade/imports.ts';
import { isMember } from '../src/grade/unknown-members.ts';
import { memberNames } from './members.ts';

it('lists in src/grade/compile/members.ts what tests/write-members.ts writes: what the types of #linux and #explore have', () => {
  const names = memberNames();
  expect(members).toEqual(names);
}, 120_000);

it('refuses no member of the course’s own answers', () => {
  const folder = join(projectRoot, 'exercises');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const answers = files.filter((file) => /(?:exercise|solution|(?:right|wrong)\/[\w-]+)\.ts$/.test(file));
  const table = importTable();
  const refused = answers.flatMap((file) => {
    const compiled = compile(readFileSync(join(folder, file), 'utf8'));
    const used = 'errors' in compiled ? [] : compiled.members;
    return used.filter(({ name }) => !isMember(name, table)).map(({ name }) => `${file}: ${name}`);
  });
  expect(answers.length).toBeGreaterThan(100);
  expect(refused).toEqual([]);
});
