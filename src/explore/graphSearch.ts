/**
 * The state-graph search: each state is expanded once, so when none is left, everything was seen.
 *
 * It begins with ways in the order of their cost, since most programs that are wrong show it soon; then it sweeps all states
 * in the order in which they were found, which costs least. What the sweep has found wrong is then looked for along the
 * cheapest ways, over edges that are known: so the violation that comes of it is proven minimal.
 */

import { CostOrder } from './costOrder.ts';
import { checkDeterminism } from './determinism.ts';
import { Findings, isAskedFor, unstable } from './findings.ts';
import { StateGraph } from './graph.ts';
import { around, findLivelock } from './livelock.ts';
import type { Report } from './machine.ts';
import { Pace } from './pace.ts';
import { countPaths, countSoFar, hasCycle, type Paths } from './paths.ts';
import {
  type Exploration,
  type ExploreOptions,
  type Outcome,
  type Program,
  type Search,
  stopsAtFirst,
} from './program.ts';
import { formatSchedule } from './schedule.ts';
import { groupsOf, NotAlike } from './symmetry.ts';

const DEFAULT_STATES = 1_000_000;
/** Visits in the order of cost before the sweep. */
const PROBE = 4_000;
/** So many states are few: how many interleavings they have will be known in a moment. */
const FEW = 4_000;
/** The sweep leaves some of the states to the search in the order of cost, which says how far it has proven something. */
const SWEPT = 0.8;

type Steps = Generator<void, void>;

export class GraphSearch<World> implements Search {
  readonly #program: Program<World>;
  readonly #options: ExploreOptions;
  readonly #graph: StateGraph<World>;
  readonly #order: CostOrder;
  readonly #pace: Pace;
  readonly #search: Steps;
  /** What has been found along the cheapest way to it. */
  readonly #findings = new Findings();
  readonly #outcomes = new Map<string, string>();
  /** There is something wrong that has been found elsewhere: nothing is to be swept. */
  #isViolated = false;
  /** The graph in which interchangeable tasks are one, where it was used. */
  #likes: StateGraph<World> | undefined;
  readonly #notes: string[] = [];
  #gaveUp: Exploration['gaveUp'];
  #complete = false;
  #paths: Paths | undefined;
  /** How many interleavings there are at least, and of how many states that was counted. */
  #soFar: { readonly states: number; readonly interleavings?: number | undefined } = { states: FEW };
  #result: Exploration | undefined;

  constructor(program: Program<World>, options: ExploreOptions) {
    this.#program = program;
    this.#options = options;
    this.#pace = new Pace(options.steps);
    this.#graph = new StateGraph(program);
    this.#order = new CostOrder(this.#graph as StateGraph);
    this.#search = this.#explore();
  }

  get states(): number {
    return (this.#likes ?? this.#graph).table.count;
  }

  get executions(): number {
    return 0;
  }

  get estimate(): undefined {
    return undefined;
  }

  /** All that is known has to be gone through: at each doubling, so that it costs little in all. */
  get interleavings(): number | undefined {
    const states = this.#graph.table.count;
    if (this.#likes) return undefined;
    if (states >= 2 * this.#soFar.states) this.#soFar = { states, interleavings: countSoFar(this.#graph) };
    return this.#soFar.interleavings;
  }

  /** Steps taken so far, and visits: what a slice is measured in. */
  get steps(): number {
    return this.#pace.done;
  }

  /** Another search has found a violation: from now on this one looks for the least. */
  expectViolation(): void {
    this.#isViolated = true;
  }

  run(steps: number): Exploration | undefined {
    this.#pace.want(steps);
    while (!this.#result) {
      if (this.#search.next().done) this.#result = this.#conclude();
      else if (this.#pace.isSpent) this.stop(this.#pace.tooMuch);
      else if (this.#pace.isOver) break;
    }
    return this.#result;
  }

  stop(why: string): Exploration {
    this.#gaveUp ??= { why, preemptionsProven: this.#order.preemptions - 1 };
    this.#result ??= this.#conclude();
    return this.#result;
  }

  *#explore(): Steps {
    if (this.#options.preemptions === undefined) {
      yield* this.#probe();
      if (!this.#isAllPlaced() && !(yield* this.#sweepLikes())) yield* this.#sweep();
    }
    yield* this.#place();
    if (!this.#complete || this.#likes) return;
    this.#paths = countPaths(this.#graph);
    const isAskedForMore = !this.#isEnough;
    if (!this.#paths && isAskedForMore) yield* this.#findLivelock();
    if (isAskedForMore && !this.#findings.kinds.has('deadlock')) yield* this.#findLockOrder();
  }

  get #isEnough(): boolean {
    return this.#findings.isEnough(this.#options);
  }

  /** Whether one is known that was asked for, though not yet the way to it. */
  #isKnown({ reports }: StateGraph<World>): boolean {
    return isAskedFor(this.#options.stopAt, reports.values());
  }

  /** The first ways in the order of cost. */
  *#probe(): Steps {
    for (let visits = 0; visits < PROBE && !this.#isEnough; visits++) {
      if (!this.#visitNext()) return;
      if (this.#pace.isOver) yield;
    }
  }

  /** Takes interchangeable tasks as one, where the program names some. True if that has settled it. */
  *#sweepLikes(): Generator<void, boolean> {
    if (!this.#program.symmetric) return false;
    try {
      const groups = groupsOf(this.#program, this.#graph.machine);
      if (!stopsAtFirst(this.#options)) throw new NotAlike('all is to be found, each task as itself');
      const likes = new StateGraph(this.#program, groups);
      this.#likes = likes;
      yield* this.#sweepGraph(likes);
      if (likes.reports.size > 0) this.#isViolated = true;
      if (this.#isViolated || likes.table.count > this.#mostSwept) return true;
      if (hasCycle(likes)) throw new NotAlike('their executions can go round, and each has its own way to');
      if (likes.lockOrders.ring((one, other) => one === other && !groups.some((group) => group.includes(one))))
        throw new NotAlike('they may take locks in different orders');
      likes.verifySymmetry();
      this.#complete = true;
      return true;
    } catch (error) {
      if (!(error instanceof NotAlike)) throw error;
      this.#notes.push(`symmetry is not used, every task is explored as itself: ${error.message}`);
      this.#likes = undefined;
      return false;
    }
  }

  /** Expands all states, in the order in which they were found; where one violation will do, until there is one. */
  *#sweep(): Steps {
    yield* this.#sweepGraph(this.#graph);
    this.#complete = !this.#isViolated && !this.#isKnown(this.#graph) && this.#graph.table.count <= this.#mostSwept;
  }

  *#sweepGraph(graph: StateGraph<World>): Steps {
    const most = this.#mostSwept;
    for (let state = 0; state < graph.table.count; state++) {
      if (graph.table.count > most || this.#isViolated) return;
      if (this.#isKnown(graph)) return;
      if (graph.isExpanded(state)) continue;
      const before = graph.edges.count;
      graph.expand(state);
      this.#pace.done += graph.edges.count - before + 1;
      if (this.#pace.isOver) yield;
    }
  }

  get #mostSwept(): number {
    return (this.#options.states ?? DEFAULT_STATES) * SWEPT;
  }

  /** Follows the order of cost until all that is known to be wrong, and all outcomes, have been come to. */
  *#place(): Steps {
    while (!this.#isAllPlaced()) {
      if (!this.#visitNext()) return;
      if (this.#pace.isOver) yield;
    }
  }

  #isAllPlaced(): boolean {
    if (this.#gaveUp) return true;
    if (this.#isEnough) return true;
    if (!this.#complete) return false;
    const { reports, outcomes } = this.#likes ?? this.#graph;
    return this.#findings.count >= reports.size && this.#outcomes.size >= outcomes.size;
  }

  /** Takes the next way in the order of cost. False if there is none, or none that may be taken. */
  #visitNext(): boolean {
    const order = this.#order;
    const graph = this.#graph;
    const visit = order.next();
    if (visit === undefined) this.#complete = true;
    else this.#giveUpIfTooFar();
    if (visit === undefined || this.#gaveUp) return false;
    this.#pace.done++;
    const edge = order.edgeOf(visit);
    this.#placeReports(visit, edge < 0 ? graph.initialReports : graph.edgeReports.get(edge));
    if (order.isNew(visit)) {
      const state = order.stateOf(visit);
      if (!graph.isExpanded(state)) {
        graph.expand(state);
        this.#pace.done++;
      }
      order.follow(visit);
      if (order.isFirst(visit)) this.#placeState(visit, state);
    }
    return true;
  }

  #placeState(visit: number, state: number): void {
    const finding = this.#graph.findings.get(state);
    if (!finding) return;
    this.#placeReports(visit, finding.reports);
    const { outcome } = finding;
    if (outcome !== undefined && !this.#outcomes.has(outcome)) this.#outcomes.set(outcome, this.#scheduleOf(visit));
  }

  #placeReports(visit: number, reports: readonly Report[] | undefined): void {
    for (const report of reports ?? []) {
      if (!this.#findings.has(report)) this.#findings.add(report, this.#scheduleOf(visit), true);
    }
  }

  #scheduleOf(visit: number): string {
    return formatSchedule(this.#order.tasksOf(visit));
  }

  #giveUpIfTooFar(): void {
    const { preemptions = Number.POSITIVE_INFINITY, states = DEFAULT_STATES } = this.#options;
    const here = this.#order.preemptions;
    if (here <= preemptions && this.#graph.table.count <= states) return;
    const why =
      here > preemptions
        ? `looked only at executions with at most ${preemptions} preemptions`
        : `there are more than ${states} states`;
    this.#gaveUp = { why, preemptionsProven: here - 1 };
  }

  /** If locks are taken in different orders: each task that does it, on the cheapest way to where it does. */
  *#findLockOrder(): Steps {
    const graph = this.#graph;
    const ring = graph.lockOrders.ring();
    if (!ring) return;
    const sources = new Map(ring.map(({ place }) => [place, graph.edges.sourceOf(place)]));
    for (const state of sources.values()) {
      while (!this.#order.isReached(state)) {
        if (!this.#visitNext()) return;
        if (this.#pace.isOver) yield;
      }
    }
    const report = graph.lockOrders.report(ring, ({ task, place }) =>
      formatSchedule([...this.#order.tasksTo(sources.get(place) as number), graph.taskName(task)]),
    );
    this.#findings.add(report, report.orders?.at(-1)?.schedule ?? '', false);
  }

  /** If all can go round for ever: the nearest state from which they do, and once round. */
  *#findLivelock(): Steps {
    const graph = this.#graph;
    const cycle = findLivelock(graph);
    if (!cycle) return;
    let [entry] = cycle;
    for (;;) {
      const reached = [...cycle].filter((state) => this.#order.isReached(state));
      if (reached.length > 0) {
        entry = reached.reduce((one, other) => (this.#distance(other) < this.#distance(one) ? other : one));
        break;
      }
      if (!this.#visitNext()) return;
      if (this.#pace.isOver) yield;
    }
    const tasks = around(graph, cycle, entry as number).map((task) => graph.taskName(task));
    const who = [...new Set(tasks)].sort().join(', ');
    const report: Report = { kind: 'livelock', message: `${who} can go on for ever without getting anywhere` };
    this.#findings.add(report, formatSchedule([...this.#order.tasksTo(entry as number), ...tasks]), false);
  }

  #distance(state: number): number {
    return this.#order.tasksTo(state).length;
  }

  #conclude(): Exploration {
    const nameOf = (task: number) => this.#graph.taskName(task);
    const { machine, automaton } = this.#likes ?? this.#graph;
    const changed = checkDeterminism(this.#program, machine, automaton);
    const violations = changed
      ? [unstable(this.#program, changed, nameOf)]
      : this.#findings.violations(this.#program, nameOf, this.#options);
    const [violation] = violations;
    return {
      verdict: violation ? 'violated' : this.#complete ? 'holds' : 'gave up',
      complete: this.#complete,
      engine: 'graph',
      steps: this.#graph.edges.count + (this.#likes?.edges.count ?? 0),
      states: this.states,
      ...(this.#paths ? { interleavings: String(this.#paths.all) } : {}),
      outcomes: this.#outcomesByName(),
      violations,
      ...(violation ? { violation } : {}),
      ...(this.#gaveUp ? { gaveUp: this.#gaveUp } : {}),
      notes: this.#notes,
    };
  }

  #outcomesByName(): Record<string, Outcome> {
    const byName = [...this.#outcomes].sort(([one], [other]) => (one < other ? -1 : 1));
    const counts = this.#paths?.byOutcome;
    return Object.fromEntries(
      byName.map(([name, schedule]) => [
        name,
        counts ? { schedule, interleavings: String(counts.get(name)) } : { schedule },
      ]),
    );
  }
}
