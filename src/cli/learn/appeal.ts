/** What the terminal adds to “I think my answer is right” (grade/appeal.ts): on what it ran, and a way to the clipboard. */

import { writeFile } from 'node:fs/promises';
import { arch, platform, release } from 'node:os';
import { join } from 'node:path';
import { stamp } from '#course/merge';
import type { Desk } from '../desk.ts';

/** Versions of all that a verdict in the terminal depends on, besides the course. */
export const thisHost = (): string => `Node ${process.version}, ${platform()} ${release()} ${arch()}`;

// What terminals take at most, as they receive it.
const MOST = 74_994;

/** What puts a text on the clipboard of the terminal (OSC 52), also over ssh; nothing for one that is too long. */
export function clipboardSequence(text: string): string {
  const bytes = Buffer.from(text);
  return bytes.length > MOST ? '' : `\u001b]52;c;${bytes.toString('base64')}\u0007`;
}

/** Writes an appeal beside the learner's file. Returns what there is to say, and its name where it was written. */
export async function keepAppeal(
  desk: Pick<Desk, 'my' | 'now'>,
  exercise: string,
  text: string,
): Promise<{ notice: string; name?: string }> {
  const name = `${exercise}.report.${stamp(desk.now())}.md`;
  try {
    await writeFile(join(desk.my, name), text);
  } catch (error) {
    return { notice: `The report could not be written: ${error instanceof Error ? error.message : String(error)}` };
  }
  const notice = `my/${name} holds your code, the schedule, the verdict and all versions. Say why at its top, and send it to whoever teaches you, or gave you the course.`;
  return { name, notice };
}
