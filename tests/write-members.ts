/** Writes src/grade/compile/members.ts anew: `node src/cli/run.cjs tests/write-members.ts`, after a change to what `#linux` or `#explore` export. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../src/course/node/course-files.ts';
import { memberNames } from './members.ts';

const WIDEST = 116;

const lines: string[] = [];
for (const name of memberNames()) {
  const last = lines.at(-1);
  if (last !== undefined && last.length + name.length < WIDEST) lines[lines.length - 1] = `${last} ${name}`;
  else lines.push(name);
}
writeFileSync(
  join(projectRoot, 'src/grade/compile/members.ts'),
  `/** The names of all members of what \`#linux\` and \`#explore\` export, and of what that leads to; tests/write-members.ts writes it. */
export const members: readonly string[] =
  \`${lines.join('\n  ')}\`.split(/\\s+/);
`,
);
