/** The recordings that are kept, and files of new ones. */

import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parseRecording, type Recording } from '../recording.ts';

const folder = new URL('../recordings/', import.meta.url);
const ENDING = '.json.gz';

/** All that are kept, by name. */
export function keptRecordings(): Record<string, Recording> {
  const files = readdirSync(folder).filter((file) => file.endsWith(ENDING));
  return Object.fromEntries(
    files.sort().map((file) => [file.slice(0, -ENDING.length), readRecording(new URL(file, folder))]),
  );
}

/** The recording in a file. Throws, with the file's name, if it is none. */
export function readRecording(file: string | URL): Recording {
  try {
    return parseRecording(gunzipSync(readFileSync(file)).toString());
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
}
