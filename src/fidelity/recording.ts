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
  const recording = parsed(text);
  if (recording?.schema !== SCHEMA)
    throw new Error(`this is no recording of ours: its "schema" is ${JSON.stringify(recording?.schema)}`);
  const { events } = recording;
  if (!Array.isArray(events) || events.length === 0) throw new Error('the recording has no events');
  const wrong = events.findIndex((event) => !isEvent(event));
  if (wrong >= 0) throw new Error(`event ${wrong} is not [thread, probe, values]`);
  return recording as Recording;
}

const SCHEMA = 'faultline/recording/1';

function parsed(text: string): Partial<Recording> | null {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`this is no recording: ${error instanceof Error ? error.message : error}`);
  }
}

function isEvent(value: unknown): value is RecordedEvent {
  if (!Array.isArray(value) || value.length !== 3) return false;
  const [thread, probe, values] = value;
  return typeof thread === 'string' && typeof probe === 'string' && typeof values === 'object' && values !== null;
}

/** The events cut at their `iter` marks; what stands before the first is left out. */
export function iterationsOf(events: readonly RecordedEvent[]): RecordedEvent[][] {
  const iterations: RecordedEvent[][] = [];
  for (const event of events) {
    if (isIterationMark(event)) iterations.push([]);
    iterations.at(-1)?.push(event);
  }
  return iterations;
}

function isIterationMark([, probe, { text = '' }]: RecordedEvent): boolean {
  return probe === 'mark' && text.startsWith('iter=');
}
