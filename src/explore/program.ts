/** The contracts of the engine: what a concurrent program is, and what exploring it says. */

import type { Cell, Lock } from './cells.ts';
import type { Operation } from './operations.ts';

/** Code that other tasks may interleave with: at every `yield*` the world may change. */
// biome-ignore lint/suspicious/noExplicitAny: an operation's result depends on the operation; `yield*` gives it its type.
export type Steps<T = void> = Generator<Operation, T, any>;

/** What a task runs. Called afresh whenever a history is rebuilt, so it must depend on nothing but its results. */
export type Body = () => Steps<unknown>;

/** A concurrent program: initial state, named tasks over it, and what must hold. */
export interface Program<World> {
  readonly name: string;
  /** Declares cells and locks; called once per exploration; what it returns is deep-frozen. */
  setup(): World;
  /** Names: `[A-Za-z_]+`. A list of bodies runs one after another, each with an empty history. */
  tasks(world: World): Record<string, Body | readonly Body[]>;
  /** Groups of interchangeable tasks. */
  readonly symmetric?: readonly (readonly string[])[];
  /** When all tasks have returned: what is wrong, if anything, as "rule: details". */
  check?(world: World, now: Snapshot): string | undefined;
  /** What must hold in every reachable state, as "rule: details". */
  invariant?(world: World, now: Snapshot): string | undefined;
  /** A name for how an execution ended. */
  outcome?(world: World, now: Snapshot): string;
  /** JSON for viewers, at any step of a replay. */
  picture?(world: World, now: Snapshot): unknown;
  /** The file that a function stands for, shown in call stacks (`handle_mm_fault` → `mm/memory.c`). */
  source?(functionName: string): string | undefined;
}

/** The values at one moment. No copies, no proxies. */
export interface Snapshot {
  get<T>(cell: Cell<T>): T;
  /** Names of the tasks that hold the lock. */
  holders(lock: Lock): readonly string[];
  /** What the task's last body returned; undefined while it runs. */
  returned(task: string): unknown;
}

export type ViolationKind =
  | 'bug'
  | 'warning'
  | 'check'
  | 'invariant'
  | 'deadlock'
  | 'data race'
  | 'lock order'
  | 'lock misuse'
  | 'use after free'
  | 'forgotten yield'
  | 'livelock'
  | 'endless loop'
  | 'exception'
  | 'non-determinism';

/** How a program can go wrong, with the least interleaving that shows it. */
export interface Violation {
  readonly kind: ViolationKind;
  readonly message: string;
  /** The task that did it; absent where no single task did. */
  readonly task?: string;
  /** Who waits for what, held by whom. For a deadlock: the cycle. For a bug: those left stuck. */
  readonly waits?: readonly Wait[];
  /** A data race: both accesses. */
  readonly accesses?: readonly Access[];
  /** Locks taken in different orders, or in a ring of waits: who takes which while it holds which. */
  readonly orders?: readonly LockOrder[];
  /** Locks that stay held by tasks that will never run again. */
  readonly held?: readonly Held[];
  readonly schedule: string;
  readonly trace: Trace;
  /** Proven: none has fewer preemptions, then fewer switches, then fewer steps. */
  readonly minimal: boolean;
}

export interface Wait {
  readonly task: string;
  readonly lock: string;
  readonly heldBy: readonly string[];
  /** Those who do not hold it but wait for it first: writers of a fair lock, which stop new readers. */
  readonly behind?: readonly string[];
  /** Where in the learner's file it waits: in traces, if it is there. */
  readonly line?: number;
}

export interface LockOrder {
  readonly task: string;
  readonly holds: string;
  readonly takes: string;
  /** What counts as one with the lock, where it was declared with a class. */
  readonly holdsClass?: string;
  readonly takesClass?: string;
  /** Leads to the step that takes the second lock; in a deadlock, to where the task waits for it. */
  readonly schedule: string;
  /** Where the first lock was taken. */
  readonly holdsAt: readonly Frame[];
  /** Where the second one is. */
  readonly takesAt: readonly Frame[];
}

export interface Held {
  readonly task: string;
  readonly lock: string;
}

export interface Access {
  readonly task: string;
  readonly cell: string;
  readonly access: 'read' | 'write';
  /** Marked accesses (READ_ONCE, atomics) race only with plain ones. */
  readonly plain: boolean;
  readonly stack: readonly Frame[];
  /** The locks that the task held then. */
  readonly locks: readonly string[];
}

export type Engine = 'dpor' | 'graph' | 'random';

export interface ExploreOptions {
  /** `'auto'` (default): the state graph and DPOR in turn, until one has proven something. `'random'` proves nothing. */
  readonly engine?: Engine | 'auto';
  /**
   * Stop at the first (minimal) violation, or at the first that is wanted, or go on to find every outcome and every kind of violation.
   * That it is one which is wanted, a search asks of what it finds, whichever others it has found before.
   */
  readonly stopAt?: 'first' | 'never' | Wanted;
  /**
   * Whether each violation comes with its trace (default true). Without, it is not replayed: a schedule has to do, and where there are many
   * that is most of the time.
   */
  readonly traces?: boolean;
  /** Look only at executions with at most so many preemptions. */
  readonly preemptions?: number;
  /** Give up beyond so many states (default 1,000,000). */
  readonly states?: number;
  /** Give up beyond so many executions (default 1,000,000; 10,000 random ones). */
  readonly executions?: number;
  /** Give up beyond so many steps (default: no limit of their own). */
  readonly steps?: number;
  /** What random executions are drawn from (default 1). */
  readonly seed?: number;
  /** Told now and then how far the search has come. */
  readonly onProgress?: (progress: Progress) => void;
  /** Give up once it is aborted: an `AbortSignal`, or anything like one. */
  readonly signal?: { readonly aborted: boolean };
}

/** Whether a violation is the one that is looked for. */
export type Wanted = (found: { readonly kind: ViolationKind; readonly message: string }) => boolean;

/** Whether any violation will do. */
export const stopsAtFirst = ({ stopAt = 'first' }: Pick<ExploreOptions, 'stopAt'>): boolean => stopAt === 'first';

/** How far a search has come. */
export interface Progress {
  readonly steps: number;
  readonly states: number;
  readonly executions: number;
  /** How many executions there will be, as far as can be told by now; undefined where nothing can. */
  readonly estimate: number | undefined;
  /** There are at least so many, counted each time that there are twice as many states; undefined where nothing can be told. */
  readonly interleavings?: number | undefined;
}

export interface Exploration {
  readonly verdict: 'holds' | 'violated' | 'gave up';
  /** Was everything explored? */
  readonly complete: boolean;
  /** Which engine proved it. */
  readonly engine: Engine;
  /** Steps the engine took: edges of the state graph, events of executions. */
  readonly steps: number;
  /** graph: the states that there are. */
  readonly states?: number;
  /** dpor: complete executions, those in which some task waits for ever, and those begun in vain (none). */
  readonly executions?: number;
  readonly deadlocks?: number;
  readonly redundant?: number;
  /** Paths through the finished graph, a decimal string; absent where it has a cycle or is unfinished. */
  readonly interleavings?: string;
  readonly outcomes: Readonly<Record<string, Outcome>>;
  /** One for each kind and message, the least first. */
  readonly violations: readonly Violation[];
  readonly violation?: Violation;
  /** Why the search gave up, and what it has proven all the same. */
  readonly gaveUp?: { readonly why: string; readonly preemptionsProven: number };
  /** What the caller asked for and did not get, such as a symmetry group. */
  readonly notes: readonly string[];
}

export interface Outcome {
  readonly schedule: string;
  readonly interleavings?: string;
}

/** How large a program is, judged from random executions. */
export interface Estimate {
  /** Executions that came to an end, and so count. */
  readonly probes: number;
  readonly interleavings: Estimated;
  /** Undefined where a trace has too many interleavings to be counted. */
  readonly traces: Estimated | undefined;
}

export interface Estimated {
  readonly mean: number;
  readonly standardError: number;
}

/** An exploration in slices, so that the caller can breathe. */
export interface Search extends Progress {
  /** Takes up to so many steps; the result once there is one. */
  run(steps: number): Exploration | undefined;
  /** Ends it here: what is known by now, and that it gave up, for this reason. */
  stop(why: string): Exploration;
}

/** One execution, step by step: plain JSON. */
export interface Trace {
  readonly program: string;
  readonly schedule: string;
  /** All of them, in the program's order, then those that were spawned; absent from traces that are made by hand. */
  readonly tasks?: readonly string[];
  readonly steps: readonly TraceStep[];
  readonly ending: Ending;
  /** `picture` of the initial state. */
  readonly picture?: unknown;
}

/** Where a schedule leads, for who chooses the next step. */
export interface Position {
  /** To the schedule's last step. Its ending is what went wrong last, if anything has. */
  readonly trace: Trace;
  /** By number of steps taken: who can move then, and what that step is. Empty where it is over. */
  readonly choices: readonly (readonly Choice[])[];
  /** What has gone wrong, each once. */
  readonly found: readonly FoundAfter[];
}

export interface Choice {
  readonly task: string;
  /** Its next scheduling point; empty if there is none on its way to the end. */
  readonly operation: string;
}

export interface FoundAfter {
  readonly kind: ViolationKind;
  readonly message: string;
  /** After how many steps. */
  readonly steps: number;
}

export interface Ending {
  /** `unfinished`: somebody can still move, and nothing has gone wrong so far. */
  readonly kind: 'returned' | 'unfinished' | ViolationKind;
  readonly message?: string;
  /** A livelock: the steps from here on repeat for ever. */
  readonly repeatsFrom?: number;
  /** A data race: both accesses. */
  readonly accesses?: readonly Access[];
  /** Locks taken in different orders, or in a ring of waits. */
  readonly orders?: readonly LockOrder[];
}

/** One scheduling point with the plain accesses that ride with it. */
export interface TraceStep {
  readonly task: string;
  /** The scheduling point, as `mutex_lock(vma_lock)`; empty for a task that has none. */
  readonly operation: string;
  readonly result?: string;
  readonly stack: readonly Frame[];
  /** Plain accesses and events of this step, in order. */
  readonly plain: readonly TraceEvent[];
  /** Locks the task holds after the step. */
  readonly locks: readonly string[];
  /** Did another task run before, and could that one have gone on? */
  readonly switched: 'no' | 'switch' | 'preemption';
  /** Who cannot move after this step. */
  readonly blocked: readonly Wait[];
  readonly picture?: unknown;
}

export interface TraceEvent {
  readonly operation: string;
  readonly result?: string;
  readonly stack: readonly Frame[];
  /** It came before the step's scheduling point. */
  readonly before?: true;
}

/** Innermost first. */
export interface Frame {
  readonly function: string;
  /** A learner's own line. */
  readonly line?: number;
  /** The kernel's file that the function stands for. */
  readonly file?: string;
}
