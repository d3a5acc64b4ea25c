/** Reads the machine's serial log: what came of the racer, and the kernel's last words. */

import type { Bug } from './recording.ts';

export interface Result {
  readonly iterations: number;
  readonly contended: number;
  readonly faults: number;
  /** Reads that ended in SIGBUS while the memory was off, as they must. */
  readonly refused: number;
  /** Reads that worked all the same. */
  readonly stale: number;
}

export interface Log {
  /** Absent where the kernel died before. */
  readonly result?: Result;
  readonly bug?: Bug;
  /** What the kernel printed of its end, cut to what matters. */
  readonly oops: readonly string[];
  /** The racer's threads, by their numbers in the trace. */
  readonly threads: ReadonlyMap<string, string>;
  /** The last iteration that the racer has told of. */
  readonly lastIteration: number;
  /** Why the machine could not do what it was started for. */
  readonly failure?: string;
}

export function parseLog(text: string): Log {
  const lines = text.split('\n').map((line) => line.trimEnd());
  const result = resultOf(lines);
  const bug = bugOf(lines);
  const failure = bug ? undefined : failureOf(lines, result !== undefined);
  return {
    ...(result && { result }),
    ...(bug && { bug }),
    ...(failure !== undefined && { failure }),
    oops: oopsOf(lines),
    threads: new Map(lines.flatMap((line) => threadOf(line) ?? [])),
    lastIteration: Number(lines.findLast((line) => ITERATION.test(line))?.match(ITERATION)?.[1] ?? 0),
  };
}

const ITERATION = /LAB iteration (\d+)$/;

/** [number, name], as one entry of a map. */
function threadOf(line: string): [[string, string]] | undefined {
  const [, name, id] = /LAB thread (T\d) is (\d+)$/.exec(line) ?? [];
  return name !== undefined && id !== undefined ? [[id, name]] : undefined;
}

function resultOf(lines: readonly string[]): Result | undefined {
  const line = lines.find((each) => each.includes('LAB result '));
  if (line === undefined) return undefined;
  const value = (name: string) => Number(new RegExp(`\\b${name}=(\\d+)`).exec(line)?.[1] ?? 0);
  return {
    iterations: value('iterations'),
    contended: value('contended'),
    faults: value('faults'),
    refused: value('refused'),
    stale: value('stale'),
  };
}

function bugOf(lines: readonly string[]): Bug | undefined {
  const index = lines.findIndex((line) => line.includes('kernel BUG at '));
  const at = /kernel BUG at (\S+?)!/.exec(lines[index] ?? '')?.[1];
  if (at === undefined) return undefined;
  const told = lines.slice(index).find((line) => /\bComm: \S+/.test(line));
  return { at, thread: /\bComm: (\S+)/.exec(told ?? '')?.[1] ?? '?' };
}

// A BUG of ours is expected; any other end is not.
function failureOf(lines: readonly string[], ended: boolean): string | undefined {
  const failed = lines.find((line) => line.includes('LAB failed: '));
  if (failed !== undefined) return failed.slice(failed.indexOf('LAB failed: ') + 12);
  const panic = lines.find((line) => /Kernel panic|Oops:|general protection/.test(line));
  if (panic !== undefined) return withoutTime(panic);
  if (ended) return undefined;
  return lines.some((line) => line.includes('LAB begins'))
    ? 'the machine stopped in the middle of the run'
    : 'the machine did not boot';
}

const withoutTime = (line: string) => line.replace(/^\[ *[\d.]+\] /, '');
const OF_INTEREST = /kernel BUG at|invalid opcode|Comm:|RIP: 0010|Call Trace|^ (?!\? )[\w.]+\+0x|<\/?TASK>/;

// A place at the very end of a function belongs to what follows it: there a probe's trampoline stands for the caller.
const PAST_THE_END = /\+(0x[0-9a-f]+)\/\1$/;

/** From the line that names the BUG to the end of the call trace; registers, code bytes and guesses are left out. */
function oopsOf(lines: readonly string[]): string[] {
  const from = lines.findIndex((line) => line.includes('kernel BUG at '));
  if (from < 0) return [];
  const rest = lines.slice(from);
  const to = rest.findIndex((line) => line.includes('</TASK>'));
  return rest
    .slice(0, to < 0 ? 60 : to + 1)
    .filter((line) => OF_INTEREST.test(withoutTime(line)) && !PAST_THE_END.test(line));
}
