/** What a real kernel did, as a file: written here, replayed against the simulation elsewhere. */

import { gzipSync } from 'node:zlib';
import type { Recording as Kept, RecordedEvent } from '#fidelity/recording';

/** Each behaves as the simulation's driver beside it (src/linux/drivers/vfio/pci/generations). `stock`: the kernel as Debian built it. */
export const VARIANTS = ['stock', 'early', 'hold', 'check', 'hold-check', 'insert', 'insert-hold'] as const;
/** `own`: a driver that somebody has built. */
export type Variant = (typeof VARIANTS)[number] | 'own';

export const MODES = ['remap', 'toggle', 'race'] as const;
export type Mode = (typeof MODES)[number];

export type LabEvent = RecordedEvent;
export type Bug = NonNullable<Kept['bug']>;

/** What a run of this lab leaves behind. */
export interface Recording extends Kept {
  readonly variant: Variant;
  readonly mode: Mode;
}

/** The file's bytes: one event a line inside, so that unpacked ones can be read and compared. */
export function writeRecording({ events, ...head }: Recording): Uint8Array {
  const lines = events.map((event) => JSON.stringify(event)).join(',\n');
  const text = `${JSON.stringify(head).slice(0, -1)},"events":[\n${lines}\n]}\n`;
  return gzipSync(text, { level: 9 });
}
