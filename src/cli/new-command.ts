/** `npm run new`: a small program to reshape into a race of one's own. */

import { relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findExercise } from '#course/catalogue';
import { draftPath, makeDraft, writeIfAbsent } from '#course/node/drafts';
import { codeOf } from '#course/node/errors';
import { raceTemplate } from '#course/node/own-race';
import type { Desk } from './desk.ts';
import { parsedOr, WrongUse, withUsage } from './wrong-use.ts';

const USAGE = [
  'npm run new -- NAME | FILE.ts',
  '',
  'Writes a small program: a world, two tasks, and what must hold. It breaks as it stands; make it yours.',
  '  NAME      my/NAME.ts, of a-z, 0-9 and -',
  '  FILE.ts   that file, in a folder that is there. In my/ an editor knows the types; elsewhere it does not',
  'Nothing is ever overwritten. What to write: /your-own-race/ on the site (npm start).',
  'Exit: 0 written, 2 wrong use, or the file is there already',
];

/** Runs the command; returns its exit code. */
export async function newCommand(desk: Desk, args: readonly string[]): Promise<number> {
  return withUsage(desk, USAGE, args, async () => {
    const { positionals } = parsedOr(USAGE, () => parseArgs({ args: [...args], allowPositionals: true }));
    const [name, ...more] = positionals;
    if (name === undefined) throw new WrongUse('', USAGE.join('\n'));
    if (more.length > 0) throw new WrongUse('', `One file at a time: "${more[0]}" is one too many.`);
    const path = name.endsWith('.ts') ? await writeFileAt(desk, name) : await writeNamed(desk, name);
    const shown = relative(desk.standing, path).startsWith('..') ? path : relative(desk.standing, path);
    desk.say(
      `Written: ${shown}`,
      '',
      `  npm run explore -- ${shown}    explores it, and shows how it breaks`,
      '  npm start    serves the page that says what to write: /your-own-race/',
    );
    return 0;
  });
}

/** In the learner's folder, where exercises have their files too. Returns the path. */
async function writeNamed(desk: Desk, name: string): Promise<string> {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name))
    throw new WrongUse('', `"${name}" is no name: use a-z, 0-9 and -, such as my-driver; or name a file, FILE.ts.`);
  if (findExercise(await desk.catalogue(), name))
    throw new WrongUse(name, `my/${name}.ts belongs to the exercise of that name. Choose another name.`);
  const path = draftPath(desk.my, name);
  if (!(await makeDraft(desk.my, name, raceTemplate()))) throw isThere(desk, path);
  return path;
}

async function writeFileAt(desk: Desk, name: string): Promise<string> {
  const path = resolve(desk.standing, name);
  try {
    if (await writeIfAbsent(path, raceTemplate())) return path;
  } catch (error) {
    const code = codeOf(error) ?? String(error);
    const why = code === 'ENOENT' ? 'the folder is not there' : code;
    throw new WrongUse('', `${path} cannot be written: ${why}.`);
  }
  throw isThere(desk, path);
}

function isThere(desk: Desk, path: string): WrongUse {
  const shown = relative(desk.standing, path);
  return new WrongUse(
    '',
    `${shown} is there already, and stays as it is. Choose another name, or explore it:\n  npm run explore -- ${shown}`,
  );
}
