/** The learner's files, `my/<id>.ts`: made from the starter when an exercise is first opened, and never overwritten. */

import { constants, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Exercise } from '../catalogue.ts';
import { stamp } from '../merge.ts';
import { isCode } from './errors.ts';

/** The file in which the learner works on an exercise. */
export function draftPath(my: string, id: string): string {
  return join(my, `${id}.ts`);
}

/** Makes the draft from the starter unless there is one. Returns whether it was made. */
export const openDraft = (my: string, exercise: Exercise): Promise<boolean> =>
  makeDraft(my, exercise.id, exercise.starter.text);

/** Makes `my/<name>.ts` with this text unless there is one. Returns whether it was made. */
export async function makeDraft(my: string, name: string, text: string): Promise<boolean> {
  await mkdir(my, { recursive: true });
  await writeIfAbsent(join(my, 'tsconfig.json'), EDITOR_SETTINGS);
  return writeIfAbsent(draftPath(my, name), text);
}

/** Starts over from the starter. Returns the name of the dated copy of what was there; undefined if nothing was. */
export async function resetDraft(my: string, exercise: Exercise, now: Date = new Date()): Promise<string | undefined> {
  const copy = await keepCopy(my, exercise.id, now);
  if (copy === undefined) await openDraft(my, exercise);
  else await writeFile(draftPath(my, exercise.id), exercise.starter.text);
  return copy;
}

/** So that an editor checks a draft's types as it checks the starter's. */
const EDITOR_SETTINGS = `{
  "extends": "../exercises/tsconfig.json",
  "include": ["*.ts"],
  "exclude": []
}
`;

async function keepCopy(my: string, id: string, now: Date): Promise<string | undefined> {
  for (let attempt = 1; ; attempt++) {
    const name = `${id}.${stamp(now)}${attempt === 1 ? '' : `-${attempt}`}.ts`;
    try {
      await copyFile(draftPath(my, id), join(my, name), constants.COPYFILE_EXCL);
      return name;
    } catch (error) {
      if (isCode(error, 'ENOENT')) return undefined;
      if (!isCode(error, 'EEXIST')) throw error;
    }
  }
}

/** Writes the file unless it is there. Returns whether it did. */
export async function writeIfAbsent(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}
