/** What the miniature knows of moves. The engine is not here: the page has this too. */

export const cpus = ['A', 'B'] as const;
export type Cpu = (typeof cpus)[number];

/** `look`: up to the entry that it has touched, and no further. `end`: as far as it comes. */
export type Extent = 'look' | 'end';

export interface Row {
  readonly cpu: Cpu;
  readonly does: string;
  readonly isBug?: true;
}

export interface Crash {
  /** The first line of what Linux would print, and where it stood. */
  readonly headline: string;
  readonly at: string;
  readonly dead: Cpu;
}

/** How it stands after some moves. */
export interface Moment {
  readonly rows: readonly Row[];
  /** Of the page table: who has filled each entry. */
  readonly entries: readonly (Cpu | undefined)[];
  /** What each CPU can do next; nothing if it has returned, and for both if it is over. */
  readonly choices: Readonly<Record<Cpu, readonly Extent[]>>;
  readonly crash?: Crash;
}

/** By the moves that have led there, as `moveAfter` writes them; none: ''. */
export type Moments = Readonly<Record<string, Moment>>;

/** Throws where those moves lead nowhere. */
export function momentAt(moments: Moments, moves: string): Moment {
  const moment = moments[moves];
  if (!moment) throw new Error(`no moves "${moves}" in the race`);
  return moment;
}

/** Small letters only look. */
export const moveAfter = (moves: string, cpu: Cpu, extent: Extent): string =>
  moves + (extent === 'look' ? cpu.toLowerCase() : cpu);
