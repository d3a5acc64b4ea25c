/** Boots the machine once, and reads what it left. */

import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './commands.ts';
import { type Log, parseLog } from './log.ts';
import type { LabOptions } from './options.ts';
import type { Place } from './place.ts';
import { type Cut, cutToIterations, parseTrace } from './trace.ts';

export interface Boot {
  readonly log: Log;
  /** Where the machine was traced. */
  readonly cut?: Cut;
  readonly lost: number;
}

export const MOST_SECONDS = 150;

/** Why a boot told nothing; it may be tried again. */
export class BootFailed extends Error {}

/** Boots and waits for the end. Throws `BootFailed`; an Error where QEMU cannot be started or `signal` came. */
export async function boot(place: Place, options: LabOptions, signal: AbortSignal): Promise<Boot> {
  await rm(place.runs, { recursive: true, force: true });
  await mkdir(place.runs, { recursive: true });
  const [serial, trace] = [join(place.runs, 'serial.log'), join(place.runs, 'trace.txt')];
  const started = Date.now();
  const { code, output } = await run('qemu-system-x86_64', qemuArguments(place, options, serial, trace), {
    signal,
    timeout: MOST_SECONDS * 1000,
  });
  if (Date.now() - started >= MOST_SECONDS * 1000) throw new BootFailed(`it took longer than ${MOST_SECONDS} seconds`);
  // QEMU's exit is 0 after a panic too: only the log tells.
  if (code !== 0) throw new BootFailed(`QEMU ended with ${code ?? 'a signal'}: ${output.trim().slice(-300)}`);
  const text = await readFile(serial, 'utf8');
  const log = parseLog(text);
  if (log.failure !== undefined) throw new BootFailed(log.failure);
  if (!options.trace) return { log, lost: 0 };
  // A kernel that dies dumps its trace into its log.
  const { events, lost } = parseTrace(log.bug ? text : await readFile(trace, 'utf8'), log.threads);
  if (lost > 0) throw new BootFailed(`the kernel had no room for ${lost} events; ask for fewer --iterations`);
  const cut = cutToIterations(events);
  // A dump says nothing of what was overwritten before it.
  const first = cut.events[0]?.[2].text;
  if (first !== 'iter=1')
    throw new BootFailed(first === undefined ? 'the trace is empty' : `the trace begins at ${first}`);
  return { log, cut, lost };
}

/**
 * An emulated machine (TCG: needs no rights and no virtualisation) with an IOMMU, without which vfio-pci gives no device away.
 * `la57=off`: five levels of page tables are slow here. `no_timer_check`: a check that a loaded host makes fail. `oops=panic`: a thread
 * that dies of a BUG keeps its locks, and the rest would wait for ever.
 */
export function qemuArguments(place: Place, options: LabOptions, serial: string, trace: string): string[] {
  const { variant, mode, threads, iterations, pages, delay } = options;
  const wanted = {
    variant: variant === 'own' ? 'stock' : variant,
    mode,
    threads,
    iterations,
    pages,
    delay,
    trace: options.trace ? 1 : 0,
  };
  const append = [
    'console=ttyS0,115200 quiet loglevel=7 printk.devkmsg=on panic=-1 oops=panic',
    'intel_iommu=on nokaslr mitigations=off tsc=reliable no_timer_check',
    ...(options.trace ? ['ftrace_dump_on_oops'] : []),
    ...Object.entries(wanted).map(([name, value]) => `lab.${name}=${value}`),
  ];
  return [
    ...[
      '-machine',
      'q35',
      '-accel',
      'tcg,thread=multi',
      '-cpu',
      'max,la57=off',
      '-smp',
      `${options.cpus}`,
      '-m',
      '512',
    ],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ...['-device', 'intel-iommu,intremap=on', '-device', 'edu'],
    ...['-kernel', place.kernel, '-initrd', place.initramfs],
    ...['-serial', `file:${serial}`, '-serial', `file:${trace}`],
    ...['-append', append.join(' ')],
  ];
}
