/** Gets the kernel: through the machine's own apt, which knows its mirrors and checks signatures, and without installing anything. */

import { access, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRun, whereIs } from './commands.ts';
import { type KernelRelease, kernelReleaseIn, packagesOf, sizesIn, TOOLS } from './packages.ts';
import type { Place } from './place.ts';

/** The packages of what is not there: programs, a busybox that brings its own library, and C's headers. */
export async function missingTools(): Promise<string[]> {
  const found = await Promise.all(TOOLS.map(async ([program]) => (await whereIs(program)) !== undefined));
  const missing = TOOLS.filter((_, index) => !found[index]).map(([, name]) => name);
  const busybox = await whereIs('busybox');
  const needsLibrary = busybox !== undefined && (await readFile(busybox)).includes('/ld-linux');
  const hasHeaders = await isThere('/usr/include/linux/vfio.h');
  return [...missing, ...(needsLibrary ? ['busybox-static'] : []), ...(hasHeaders ? [] : ['libc6-dev'])];
}

/** The kernel that apt offers now; undefined where it offers none of the series. */
export async function kernelOffered(signal: AbortSignal): Promise<KernelRelease | undefined> {
  return kernelReleaseIn(await mustRun('apt-cache', ['show', 'linux-image-amd64'], { signal }).catch(() => ''));
}

/** The newest kernel that an earlier run has unpacked: a machine without a mirror still has its lab. */
export async function kernelAtHand(folder: string): Promise<KernelRelease | undefined> {
  const names = await readdir(folder).catch(() => []);
  const unpacked: KernelRelease[] = [];
  for (const name of names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))) {
    const [release, version] = name.split('_');
    if (release && version && (await isThere(join(folder, name, 'root', UNPACKED))))
      unpacked.push({ release, version });
  }
  return unpacked.at(-1);
}

/** Written last: what has it is whole. */
const UNPACKED = '.unpacked';

export const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
export const isUnpacked = ({ root }: Place) => isThere(join(root, UNPACKED));

/** What is to be downloaded, and how many bytes each has. */
export async function downloads(kernel: KernelRelease, signal: AbortSignal): Promise<[name: string, bytes: number][]> {
  return [...sizesIn(await mustRun('apt-cache', ['show', '--no-all-versions', ...packagesOf(kernel)], { signal }))];
}

/** Downloads and unpacks the packages. */
export async function fetchKernel(kernel: KernelRelease, place: Place, signal: AbortSignal): Promise<void> {
  await mkdir(place.debs, { recursive: true });
  await mustRun('apt-get', ['download', '-q', ...packagesOf(kernel)], { cwd: place.debs, signal }).catch(
    (error: Error) => {
      throw new Error(
        `${error.message}\nIs this machine online, and does apt know what is new? Try \`apt-get update\`.`,
      );
    },
  );
  const unpacking = `${place.root}.new`;
  await rm(unpacking, { recursive: true, force: true });
  for (const deb of await readdir(place.debs))
    await mustRun('dpkg', ['-x', join(place.debs, deb), unpacking], { signal });
  await leadHeadersHere(unpacking, place, kernel);
  await writeFile(join(unpacking, UNPACKED), '');
  await rm(place.root, { recursive: true, force: true });
  await rename(unpacking, place.root);
  await rm(place.debs, { recursive: true });
}

/** The headers' Makefile includes the common ones by where they would be installed; everything else in them is relative. */
async function leadHeadersHere(root: string, place: Place, { release }: KernelRelease): Promise<void> {
  const makefile = join(root, 'usr/src', `linux-headers-${release}`, 'Makefile');
  const text = await readFile(makefile, 'utf8');
  await writeFile(makefile, text.replaceAll('include /usr/src/', `include ${join(place.root, 'usr/src')}/`));
}
