/** `npm run hint`: one of an exercise's hints. */

import { parseArgs } from 'node:util';
import { findLesson } from '#course/catalogue';
import { updateProgress } from '#course/node/progress-file';
import { hintSeen } from '#course/progress';
import type { Desk } from './desk.ts';
import { paint } from './look.ts';
import { indent, renderMarkdown } from './prose.ts';
import { whereToRead } from './where-to-read.ts';
import { exerciseWanted, parsedOr, WrongUse, withUsage } from './wrong-use.ts';

const USAGE = [
  'npm run hint -- <id> <n>',
  '',
  'Shows hint number n of that exercise, from a nudge (1) to nearly there (3), and remembers that you saw it.',
  'Exit: 0, or 2 for wrong use',
];

/** Runs the command; returns its exit code. */
export async function hintCommand(desk: Desk, args: readonly string[]): Promise<number> {
  return withUsage(desk, USAGE, args, async () => {
    const { positionals } = parsedOr(USAGE, () => parseArgs({ args: [...args], allowPositionals: true }));
    const [id = '', wanted, ...more] = positionals;
    const catalogue = await desk.catalogue();
    const exercise = exerciseWanted(catalogue, id, USAGE);
    const { length } = exercise.hints;
    const number = /^\d+$/.test(wanted ?? '') ? Number(wanted) : 0;
    const hint = exercise.hints[number - 1];
    if (hint === undefined || more.length > 0)
      throw new WrongUse(id, `Which hint? There are ${length}: npm run hint -- ${id} 1, and so on to ${length}.`);
    const title = findLesson(catalogue, id)?.title ?? id;
    const placeOf = (link: string, label: string) => whereToRead(catalogue, link, label);
    const text = renderMarkdown(desk.look, hint, { width: desk.look.width - 2, placeOf });
    desk.say(paint(desk.look, 'bold', `${title}: hint ${number} of ${length}`), ...indent(text, 2));
    const { warning } = await updateProgress(desk.my, (progress) => hintSeen(progress, id, number));
    if (warning !== undefined) desk.complain('', warning);
    return 0;
  });
}
