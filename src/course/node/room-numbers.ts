import { randomInt } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { learners } from '../gauge/code.ts';

const FILE = 'room.json';

/** Where nothing can be written, as long as the process. */
const unwritten = new Map<string, number>();

/**
 * The number by which a room tells this learner from others on that exercise: drawn at random, and kept in `my/room.json`. It is
 * worth nothing else: a file that cannot be read is written anew.
 */
export async function roomNumber(my: string, exercise: string): Promise<number> {
  const kept = await numbersIn(my);
  const known = kept[exercise] ?? unwritten.get(join(my, exercise));
  if (known !== undefined) return known;
  const number = randomInt(learners);
  try {
    await mkdir(my, { recursive: true });
    await writeFile(join(my, FILE), `${JSON.stringify({ ...kept, [exercise]: number }, undefined, 2)}\n`);
  } catch {
    unwritten.set(join(my, exercise), number);
  }
  return number;
}

async function numbersIn(my: string): Promise<Record<string, number>> {
  try {
    const kept: unknown = JSON.parse(await readFile(join(my, FILE), 'utf8'));
    const entries = Object.entries(kept ?? {}).filter(([, number]) => isNumber(number));
    return Object.fromEntries(entries);
  } catch {
    return {};
  }
}

const isNumber = (number: unknown): boolean =>
  Number.isInteger(number) && Number(number) >= 0 && Number(number) < learners;
