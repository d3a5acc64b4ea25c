/** What a run on a real kernel left behind: its events in the order in which they happened, on all CPUs. */

export interface Recording {
  readonly schema: 'faultline/recording/1';
  /** Which Linux, and of whom. */
  readonly kernel: string;
  readonly date: string;
  readonly command: string;
  /** The body that the driver's fault handler had. */
  readonly variant: string;
  /** What the threads did over and over. */
  readonly mode: string;
  readonly threads: number;
  readonly cpus: number;
  /** How many pages of the BAR were mapped. */
  readonly pages: number;
  readonly bug: { readonly at: string; readonly thread: string } | null;
  /** How many reads went through while the device's memory was off. */
  readonly stale: number;
  readonly events: readonly RecordedEvent[];
}

/** The thread, the probe, and what the probe gave, as texts. */
export type RecordedEvent = readonly [thread: string, probe: string, values: Readonly<Record<string, string>>];

/** A recording from its JSON. Throws, saying what is wrong with it. */
export function parseRecording(text: string): Recording {
  const recording = JSON.parse(text) as Partial<Recording>;
  if (recording.schema !== 'faultline/recording/1')
    throw new Error(`this is no recording of ours: its schema is ${JSON.stringify(recording.schema)}`);
  if (!Array.isArray(recording.events) || recording.events.length === 0) throw new Error('the recording has no events');
  return recording as Recording;
}
