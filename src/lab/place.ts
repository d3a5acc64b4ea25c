/** Where the lab keeps what it makes: one folder, which git does not see and anybody may delete. */

import { join } from 'node:path';
import type { KernelRelease } from './packages.ts';

export interface Place {
  /** What Debian's packages hold, unpacked. */
  readonly root: string;
  readonly debs: string;
  readonly modules: string;
  readonly kernel: string;
  readonly headers: string;
  /** What is built of the texts in guest/. */
  readonly built: string;
  readonly initramfs: string;
  /** The last run's logs. */
  readonly runs: string;
}

/** The texts that run in the machine. */
export const GUEST = join(import.meta.dirname, 'guest');

/** All for one kernel: a newer one gets a folder of its own, and finds nothing of the older. */
export function placeFor(folder: string, { release, version }: KernelRelease): Place {
  const all = join(folder, `${release}_${version.replaceAll(/[^\w.+~-]/g, '-')}`);
  const root = join(all, 'root');
  return {
    root,
    debs: join(all, 'debs'),
    modules: join(root, 'lib/modules', release, 'kernel'),
    kernel: join(root, 'boot', `vmlinuz-${release}`),
    headers: join(root, 'usr/src', `linux-headers-${release}`),
    built: join(all, 'built'),
    initramfs: join(all, 'initramfs.gz'),
    runs: join(folder, 'runs'),
  };
}
