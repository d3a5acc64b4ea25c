/** What a real kernel did, as a file: written here, replayed against the simulation elsewhere. */

import { gunzipSync, gzipSync } from 'node:zlib';

/** Each behaves as the simulation's driver beside it (src/linux/drivers/vfio/pci/generations). `stock`: the kernel as Debian built it. */
export const VARIANTS = ['stock', 'early', 'hold', 'check', 'hold-check', 'insert', 'insert-hold'] as const;
export type Variant = (typeof VARIANTS)[number];

export const MODES = ['remap', 'toggle', 'race'] as const;
export type Mode = (typeof MODES)[number];

/** Who, what, and what the probe gave: numbers are texts, as the kernel printed them. */
export type LabEvent = readonly [thread: string, name: string, values: Readonly<Record<string, string>>];

export interface Bug {
  /** File and line, as the kernel names them. */
  readonly at: string;
  /** The thread that ran into it. */
  readonly thread: string;
}

export interface Recording {
  readonly schema: 'faultline/recording/1';
  readonly kernel: string;
  readonly date: string;
  readonly command: string;
  readonly variant: Variant;
  readonly mode: Mode;
  readonly threads: number;
  readonly cpus: number;
  readonly pages: number;
  readonly bug: Bug | null;
  /** In how many iterations a read worked while the device's memory was off. */
  readonly stale: number;
  /** In the one order that all CPUs agree on, from the first `iter` mark on. */
  readonly events: readonly LabEvent[];
}

const SCHEMA = 'faultline/recording/1';

/** The file's bytes: one event a line inside, so that unpacked ones can be read and compared. */
export function writeRecording({ events, ...head }: Recording): Uint8Array {
  const lines = events.map((event) => JSON.stringify(event)).join(',\n');
  const text = `${JSON.stringify(head).slice(0, -1)},"events":[\n${lines}\n]}\n`;
  return gzipSync(text, { level: 9 });
}

/** Reads such a file. Throws an Error that says what is wrong with it. */
export function readRecording(bytes: Uint8Array): Recording {
  const value = parsed(bytes) as Partial<Recording> | null;
  if (value?.schema !== SCHEMA) throw new Error(`This is no recording: its "schema" is not "${SCHEMA}".`);
  if (!VARIANTS.some((each) => each === value.variant))
    throw new Error(`The recording's variant is unknown: ${value.variant}.`);
  if (!MODES.some((each) => each === value.mode)) throw new Error(`The recording's mode is unknown: ${value.mode}.`);
  if (!Array.isArray(value.events) || !value.events.every(isEvent))
    throw new Error('The recording\'s "events" are not all [thread, name, values].');
  return value as Recording;
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(gunzipSync(bytes)).toString('utf8'));
  } catch (error) {
    throw new Error(
      `This is no recording: ${error instanceof Error ? error.message : error}. It should be JSON, gzipped.`,
    );
  }
}

function isEvent(value: unknown): value is LabEvent {
  if (!Array.isArray(value) || value.length !== 3) return false;
  const [thread, name, values] = value;
  return typeof thread === 'string' && typeof name === 'string' && typeof values === 'object' && values !== null;
}

/** The events cut at their `iter` marks; what stands before the first is left out. */
export function iterationsOf(events: readonly LabEvent[]): LabEvent[][] {
  const iterations: LabEvent[][] = [];
  for (const event of events) {
    if (isIterationMark(event)) iterations.push([]);
    iterations.at(-1)?.push(event);
  }
  return iterations;
}

export function isIterationMark([, name, { text = '' }]: LabEvent): boolean {
  return name === 'mark' && text.startsWith('iter=');
}
