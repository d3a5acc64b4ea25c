/** Builds what the machine boots with: the module, the racer, and a file system that holds both. */

import { createHash } from 'node:crypto';
import { copyFile, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { mustRun, whereIs } from './commands.ts';
import { isThere } from './fetch.ts';
import { GUEST, type Place } from './place.ts';

/** The module that holds the fault handler. */
const DRIVER = 'vfio-pci-core.ko';

/** In the order in which they are loaded. */
const MODULES = [
  'virt/lib/irqbypass.ko',
  'drivers/vfio/vfio.ko',
  'drivers/vfio/vfio_iommu_type1.ko',
  'drivers/vfio/vfio_virqfd.ko',
  `drivers/vfio/pci/${DRIVER}`,
  'drivers/vfio/pci/vfio-pci.ko',
];

/**
 * Builds all anew where one of our texts has changed since, or the driver. Returns whether it did.
 *
 * @param driver a vfio-pci-core.ko to load instead of Debian's
 */
export async function buildGuest(place: Place, signal: AbortSignal, driver?: string): Promise<boolean> {
  const [stamp, now] = [join(place.built, 'made-of'), await fingerprint(driver)];
  const before = await readFile(stamp, 'utf8').catch(() => '');
  if (before === now && (await isThere(place.initramfs))) return false;
  await rm(place.built, { recursive: true, force: true });
  await mkdir(place.built, { recursive: true });
  await buildModule(place, signal);
  const racer = join(place.built, 'racer');
  await mustRun('gcc', ['-O2', '-Wall', '-static', '-pthread', '-o', racer, join(GUEST, 'racer.c')], { signal });
  await buildInitramfs(place, signal, driver);
  await writeFile(stamp, now);
  return true;
}

async function fingerprint(driver?: string): Promise<string> {
  const hash = createHash('sha256');
  const names = await readdir(GUEST, { recursive: true, withFileTypes: true });
  for (const file of names
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name))
    .sort())
    hash.update(basename(file)).update(await readFile(file));
  if (driver !== undefined) hash.update(await readFile(driver));
  return hash.digest('hex');
}

async function buildModule({ built, headers }: Place, signal: AbortSignal): Promise<void> {
  const folder = join(built, 'module');
  await cp(join(GUEST, 'module'), folder, { recursive: true });
  await mustRun('make', ['-s', '-C', headers, `M=${folder}`, 'modules'], { signal });
  await mustRun('strip', ['-g', join(folder, 'vfiolab.ko')], { signal });
}

async function buildInitramfs(
  { built, modules, initramfs }: Place,
  signal: AbortSignal,
  driver: string | undefined,
): Promise<void> {
  const root = join(built, 'initramfs');
  for (const folder of ['bin', 'modules']) await mkdir(join(root, folder), { recursive: true });
  const busybox = await whereIs('busybox');
  if (busybox === undefined) throw new Error('busybox is gone.');
  await copyFile(busybox, join(root, 'bin/busybox'));
  await copyFile(join(GUEST, 'init'), join(root, 'init'));
  await copyFile(join(built, 'racer'), join(root, 'racer'));
  for (const module of MODULES) await copyFile(join(modules, module), join(root, 'modules', basename(module)));
  if (driver !== undefined) await copyFile(driver, join(root, 'modules', DRIVER));
  await copyFile(join(built, 'module/vfiolab.ko'), join(root, 'modules/vfiolab.ko'));
  await writeFile(join(root, 'modules/order'), `${MODULES.map((each) => basename(each)).join('\n')}\n`);
  await mustRun('sh', ['-c', `chmod 755 init && find . | cpio -o -H newc --quiet | gzip -1 > "$0"`, initramfs], {
    cwd: root,
    signal,
  });
}
