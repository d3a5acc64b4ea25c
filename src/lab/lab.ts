/** The lab from nothing to a result: kernel, build, boots. Says aloud what takes time. */

import { type Boot, BootFailed, boot } from './boot.ts';
import { buildGuest } from './build.ts';
import { downloads, fetchKernel, isUnpacked, kernelAtHand, kernelOffered } from './fetch.ts';
import type { LabOptions } from './options.ts';
import type { KernelRelease } from './packages.ts';
import { type Place, placeFor } from './place.ts';
import type { Recording } from './recording.ts';

export interface Surroundings {
  /** Where the lab may write. */
  readonly folder: string;
  /** Ends whatever runs. */
  readonly signal: AbortSignal;
  say(...lines: string[]): void;
}

export interface Ready {
  readonly kernel: KernelRelease;
  readonly place: Place;
}

/** Fetches and builds what is not there yet. Throws an Error where that fails. */
export async function prepare({ folder, signal, say }: Surroundings, driver?: string): Promise<Ready> {
  if (/[\s:]/.test(folder)) throw new Error(`${BAD_FOLDER}\n  ${folder}`);
  // A newer one is taken when the folder is deleted: a run must not begin with a download that nobody asked for.
  const kernel = (await kernelAtHand(folder)) ?? (await kernelOffered(signal));
  if (kernel === undefined) throw new Error(NO_KERNEL);
  const place = placeFor(folder, kernel);
  if (!(await isUnpacked(place))) {
    const wanted = await downloads(kernel, signal);
    say('Downloading from Debian, to be unpacked and not installed:');
    say(...wanted.map(([name, bytes]) => `  ${name.padEnd(36)} ${megabytes(bytes).padStart(5)} MB`));
    say(`Into ${folder}, where it takes 500 MB. Delete that folder whenever you like.`);
    await fetchKernel(kernel, place, signal);
  }
  if (await buildGuest(place, signal, driver)) say('Built the module and the program that races.');
  return { kernel, place };
}

const BAD_FOLDER =
  "The kernel's Makefiles take no folder with a blank or a colon in its name. Move the course elsewhere:";

const NO_KERNEL = [
  "apt knows no kernel 6.1 here (package linux-image-amd64). Debian 12 has one: add its source to apt's and run",
  '`apt-get update`, or run the lab in a container of Debian 12, such as debian:12.',
].join('\n');

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);

const TRIES = 3;

/** Boots until the machine has told something, at most three times. Throws the last `BootFailed`. */
export async function bootWithPatience(ready: Ready, options: LabOptions, surroundings: Surroundings): Promise<Boot> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await boot(ready.place, options, surroundings.signal);
    } catch (error) {
      if (!(error instanceof BootFailed) || attempt === TRIES) throw error;
      surroundings.say(`Try ${attempt} of ${TRIES} told nothing: ${error.message}. Once more ...`);
    }
  }
}

/** In a recording's form. */
export function recordingOf(
  ready: Ready,
  options: LabOptions,
  { log, cut }: Boot,
  about: { date: string; command: string },
): Recording {
  const { variant, mode, threads, cpus, pages } = options;
  return {
    schema: 'faultline/recording/1',
    kernel: `${ready.kernel.release}, Debian ${ready.kernel.version}`,
    ...about,
    ...{ variant, mode, threads, cpus, pages },
    bug: log.bug ?? null,
    stale: log.result?.stale ?? cut?.events.filter(([, , { text }]) => text?.startsWith('stale=')).length ?? 0,
    events: cut?.events ?? [],
  };
}
