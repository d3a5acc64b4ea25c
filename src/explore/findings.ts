/** What an exploration has found, and the counterexamples that it makes of it. */

import type { Report } from './machine.ts';
import { type Played, RefusedStep } from './player.ts';
import type { ExploreOptions, Program, Violation, ViolationKind } from './program.ts';
import { cutAtFailure, play, playWithoutStacks } from './replay.ts';

export interface Found {
  readonly report: Report;
  readonly schedule: string;
  readonly minimal: boolean;
}

export const keyOf = ({ kind, message }: Pick<Report, 'kind' | 'message'>): string => `${kind}: ${message}`;

/** Whether the one says of a part of an execution what the other says of the whole: a ring of waits may grow. */
export function isLike(one: Report, other: Report): boolean {
  return one.kind === 'deadlock' ? other.kind === one.kind : keyOf(one) === keyOf(other);
}

/** Whether one of these is where to stop. */
export function isAskedFor(stopAt: ExploreOptions['stopAt'], reports: Iterable<Report>): boolean {
  if (stopAt === 'never') return false;
  for (const report of reports) if (typeof stopAt !== 'function' || stopAt(report)) return true;
  return false;
}

/** The first of everything that was found, in the order in which it was found. */
export class Findings {
  readonly #found = new Map<string, Found>();

  get count(): number {
    return this.#found.size;
  }

  /** What was found, without the ways to it. */
  get reports(): readonly Report[] {
    return [...this.#found.values()].map(({ report }) => report);
  }

  get kinds(): ReadonlySet<ViolationKind> {
    return new Set(this.reports.map(({ kind }) => kind));
  }

  /** Whether that is what was asked for: then there is nothing more to look for. */
  isEnough({ stopAt }: ExploreOptions): boolean {
    // Asked at each step: nothing is listed where nothing could be enough.
    return stopAt !== 'never' && this.count > 0 && isAskedFor(stopAt, this.reports);
  }

  has(report: Report): boolean {
    return this.#found.has(keyOf(report));
  }

  add(report: Report, schedule: string, minimal: boolean): void {
    const key = keyOf(report);
    if (!this.#found.has(key)) this.#found.set(key, { report, schedule, minimal });
  }

  /**
   * The same, each by the first step after which it shows: or after which anything does, if one thing is enough. A deadlock
   * shows as soon as its ring closes, and a race in a way of its own.
   */
  cutShort<World>(program: Program<World>, oneIsEnough: boolean): Findings {
    const cut = new Findings();
    for (const { report, schedule, minimal } of this.#found.values()) {
      if (beyondOneExecution.includes(report.kind)) {
        cut.add(report, schedule, minimal);
        continue;
      }
      const shorter = cutAtFailure(program, schedule, (other) => oneIsEnough || isLike(report, other));
      cut.add(shorter?.report ?? report, shorter?.schedule ?? schedule, minimal);
    }
    return cut;
  }

  /** Each with its trace. What a replay does not show again is no verdict: then that is all there is to say. */
  violations<World>(
    program: Program<World>,
    nameOf: (task: number) => string,
    { traces = true, stopAt }: Pick<ExploreOptions, 'traces' | 'stopAt'> = {},
  ): Violation[] {
    const violations: Violation[] = [];
    // What is not wanted was met on the way; few ask how it went.
    const isAside = ({ report }: Found) => typeof stopAt === 'function' && !stopAt(report) && isWithoutPlaces(report);
    for (const found of this.#found.values()) {
      const tell = !traces ? untraced : isAside(found) ? tracedLater : violationOf;
      const violation = tell(program, found, nameOf);
      if (!violation) return [unstable(program, notShownAgain(found), nameOf)];
      violations.push(violation);
    }
    return violations;
  }
}

function notShownAgain({ report, schedule }: Found): Report {
  const again = `${keyOf(report)}: a replay of ${schedule || 'the start'} does not show it again`;
  return {
    kind: 'non-determinism',
    message: `${again}: some task depends on more than what its operations return`,
  };
}

/** The violation of a program that is not the same each time. */
export function unstable<World>(program: Program<World>, report: Report, nameOf: (task: number) => string): Violation {
  return violationOf(program, { report, schedule: '', minimal: false }, nameOf) as Violation;
}

/** Replays what was found; undefined if it does not show. */
function violationOf<World>(
  program: Program<World>,
  { report, schedule, minimal }: Found,
  nameOf: (task: number) => string,
): Violation | undefined {
  const played = replayed(program, schedule, report);
  if (!played) return undefined;
  const { waits } = report;
  const { accesses, orders } = played.trace.ending;
  return {
    ...told(report, nameOf),
    ...(waits ? { waits } : {}),
    ...(accesses ? { accesses } : {}),
    ...(orders ? { orders } : {}),
    ...(played.held.length > 0 ? { held: played.held } : {}),
    schedule,
    trace: played.trace,
    minimal,
  };
}

/** Whether all but the trace is known without call stacks: what races, and what waits in a ring, tells of the places. */
const isWithoutPlaces = ({ accesses, orders, waits }: Report) => !accesses && !orders && !waits;

/** The same of what is without places; its trace is made when somebody asks for it. Undefined if a replay does not show it. */
function tracedLater<World>(
  program: Program<World>,
  found: Found,
  nameOf: (task: number) => string,
): Violation | undefined {
  const { report, schedule, minimal } = found;
  const seen = tried(() => playWithoutStacks(program, schedule, report));
  if (!seen || !shows(seen, report)) return undefined;
  let made: Violation | undefined;
  return {
    ...told(report, nameOf),
    ...(seen.held.length > 0 ? { held: seen.held } : {}),
    schedule,
    get trace() {
      made ??= violationOf(program, found, nameOf) as Violation;
      return made.trace;
    },
    minimal,
  };
}

/** The violation as it was found, its trace empty. */
function untraced<World>(
  { name }: Program<World>,
  { report, schedule, minimal }: Found,
  nameOf: (task: number) => string,
): Violation {
  const { kind, message } = report;
  return {
    ...told(report, nameOf),
    schedule,
    trace: { program: name, schedule, steps: [], ending: { kind, message } },
    minimal,
  };
}

/** What it is, and who. */
function told({ kind, message, task }: Report, nameOf: (task: number) => string) {
  return { kind, message, ...(task === undefined ? {} : { task: nameOf(task) }) };
}

/** These are not to be seen in one execution. */
const beyondOneExecution: readonly string[] = ['non-determinism', 'lock order'];

function replayed<World>(program: Program<World>, schedule: string, wanted: Report): Played | undefined {
  const played = tried(() => play(program, schedule, wanted));
  return played && shows(played, wanted) ? played : undefined;
}

/** Undefined if a step cannot be taken. */
function tried(run: () => Played): Played | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof RefusedStep) return undefined;
    throw error;
  }
}

function shows({ reports }: Played, wanted: Report): boolean {
  if (beyondOneExecution.includes(wanted.kind)) return true;
  return reports.some(
    ({ kind, message }) => kind === wanted.kind && (kind === 'livelock' || message === wanted.message),
  );
}
