/** `npm run lab`: the race on a real Linux kernel, in an emulated machine, in whichever variant of the handler. */

import { access, constants, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { missingTools } from '#lab/fetch';
import { bootWithPatience, prepare, recordingOf, type Surroundings } from '#lab/lab';
import { commandFor, type LabOptions, parseOptions } from '#lab/options';
import { installLine } from '#lab/packages';
import { writeRecording } from '#lab/recording';
import type { Desk } from './desk.ts';
import { reportLines, summaryOf } from './lab-report.ts';
import { parsedOr, WrongUse, withUsage } from './wrong-use.ts';

const USAGE = [
  'npm run lab -- [--variant V | --driver FILE] [--mode M] [--threads N] [--cpus N] [--iterations N] [--pages N]',
  '               [--delay US] [--trace] [--record FILE] [--json]',
  '',
  'Boots a real Linux 6.1 in QEMU, maps the BAR of a real (emulated) PCI device through vfio-pci, and faults on it',
  'from several threads at once. Shows what each thread did, and what the kernel said.',
  '  --variant V     the fault handler: early (5.8 to 5.13), hold (the lock encloses the remap), check, hold-check,',
  '                  insert, insert-hold, or stock, as Debian built it (early)',
  '  --driver FILE   a vfio-pci-core.ko that you have built for this kernel, with its own handler',
  '  --mode M        remap: a new mapping for each iteration; toggle: emptied by switching the memory off and on;',
  '                  race: the memory is switched off while others read (remap)',
  '  --threads N     2 to 4 (2), --cpus N: of the machine (as many as threads)',
  '  --iterations N  how often (60 traced, 100 untraced)',
  '  --pages N       of the mapping (8, which is the most for a traced run)',
  '  --delay US      holds each fill back for so many microseconds: the window, held open (0)',
  '  --trace         traces every step; without --iterations it is on anyway',
  '  --record FILE   keeps the traced events, gzipped JSON',
  '  --json          the result as JSON, and nothing else on standard output (with npm: npm run -s lab -- ...)',
  '',
  'It needs Linux on x86-64 with apt (Debian 12, or a container of it), no rights and no KVM. The first time it fetches',
  'about 85 MB of packages into .cache/lab, without installing them; later runs take about 15 seconds.',
  'Exit: 0 it ran, whatever the kernel did; 1 no boot told anything; 2 wrong use, or something is missing; 130 Ctrl-C',
];

/** Runs the command; returns its exit code. */
export async function labCommand(desk: Desk, args: readonly string[]): Promise<number> {
  return withUsage(desk, USAGE, args, async () => {
    const asked = parsedOr(USAGE, () => parseOptions(args));
    const driver = asked.driver === undefined ? undefined : resolve(desk.standing, asked.driver);
    const options = { ...asked, driver };
    if (driver !== undefined) await refuseUnreadable(driver);
    const file = options.record === undefined ? undefined : resolve(desk.standing, options.record);
    if (file !== undefined) await refuseUnwritable(file);
    await refuseWithoutTools();
    const { signal, release } = desk.interruption();
    // With --json, standard output is the program's that reads it.
    const say = options.json ? desk.complain : desk.say;
    try {
      return await experiment(desk, options, { folder: join(desk.root, '.cache/lab'), signal, say }, file);
    } catch (error) {
      if (signal.aborted) return 130;
      desk.complain(error instanceof Error ? error.message : String(error));
      return 1;
    } finally {
      release();
    }
  });
}

async function experiment(desk: Desk, options: LabOptions, around: Surroundings, file?: string): Promise<number> {
  const ready = await prepare(around, options.driver);
  const { release, version } = ready.kernel;
  around.say(
    `Booting Linux ${release} (Debian ${version}) in QEMU: ${options.driver ? 'your driver' : options.variant}, ${options.mode} ...`,
  );
  const booted = await bootWithPatience(ready, options, around);
  const recording = recordingOf(ready, options, booted, {
    date: desk.now().toISOString().slice(0, 10),
    command: commandFor(options),
  });
  if (file !== undefined) await writeFile(file, writeRecording(recording));
  const summary = summaryOf(recording, booted);
  if (options.json) desk.write(`${JSON.stringify(summary, undefined, 2)}\n`);
  else desk.say(...reportLines(desk.look, recording, booted, summary));
  if (file !== undefined) around.say('', `Recorded ${recording.events.length} events in ${file}.`);
  return 0;
}

async function refuseUnreadable(driver: string): Promise<void> {
  const isFile = await stat(driver).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isFile || !driver.endsWith('.ko'))
    throw new WrongUse('', `--driver ${driver}: that is no module. Name the vfio-pci-core.ko that make has built.`);
}

async function refuseUnwritable(file: string): Promise<void> {
  const isFolder = await stat(file).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isFolder) throw new WrongUse('', `--record ${file}: that is a folder. Name a file in it.`);
  const mayWrite = await access(dirname(file), constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!mayWrite)
    throw new WrongUse('', `--record ${file}: the folder is not there, or nothing can be written into it.`);
}

const ELSEWHERE = [
  'The lab needs Linux on x86-64, with apt. Elsewhere a container or a virtual machine of Debian 12 does:',
  '  docker run -it -v "$PWD:/course" -w /course debian:12',
].join('\n');

/** Throws a WrongUse that says what to install. */
export async function refuseWithoutTools(): Promise<void> {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new WrongUse('', ELSEWHERE);
  const missing = await missingTools();
  if (missing.includes('apt')) throw new WrongUse('', `There is no apt here. ${ELSEWHERE}`);
  if (missing.length === 0) return;
  const line = installLine(missing, process.getuid?.() === 0);
  throw new WrongUse('', `The lab calls programs that are not installed here. This installs them:\n  ${line}`);
}
