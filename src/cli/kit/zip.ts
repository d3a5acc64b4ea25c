/** The kit as one file: the same content gives the same bytes, on every machine and on every day. */

import { unzipSync, zipSync } from 'fflate';

const folder = 'faultline-kit/';

/** The first noon that a zip can tell. It tells times by the local clock, so this is the same everywhere. */
const someTime = () => new Date(1980, 0, 1, 12);

/** All of it in one folder, so that unzipping it litters no other. */
export function zipped(contents: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const paths = Object.keys(contents).toSorted();
  const files = Object.fromEntries(paths.map((path) => [folder + path, contents[path] as Uint8Array]));
  return zipSync(files, { level: 9, mtime: someTime() });
}

/** Whether it is a kit, of whatever version: then a new one may take its place. */
export function isKit(bytes: Uint8Array): boolean {
  const names: string[] = [];
  try {
    unzipSync(bytes, { filter: ({ name }) => names.push(name) < 0 });
  } catch {
    return false;
  }
  return names.includes(`${folder}serve.mjs`) && names.every((name) => name.startsWith(folder));
}
