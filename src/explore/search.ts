/**
 * The state-graph search. It visits (state, task that ran last) in the order of (preemptions, switches, steps), so the
 * first failure it meets is proven minimal; and each state once more than it must, so when it ends, everything was seen.
 */

import { checkDeterminism } from './determinism.ts';
import { Frontier } from './frontier.ts';
import { StateGraph } from './graph.ts';
import { findLivelock } from './livelock.ts';
import type { Report } from './machine.ts';
import { roomFor } from './memory.ts';
import { countPaths } from './paths.ts';
import type { Ending, Exploration, ExploreOptions, Outcome, Program, Search, Violation } from './program.ts';
import { type Played, play, RefusedStep } from './replay.ts';
import { formatSchedule } from './schedule.ts';

const DEFAULT_STATES = 1_000_000;
/** The initial state is reached by no edge, after nobody has moved, and its visit comes from no other. */
const NONE = -1;

interface Found {
  readonly report: Report;
  readonly schedule: string;
}

export class GraphSearch<World> implements Search {
  readonly #program: Program<World>;
  readonly #options: ExploreOptions;
  readonly #graph: StateGraph<World>;
  readonly #frontier = new Frontier();
  /** A visit is a way to a state: the edge that it ends with, and the visit that it goes on from. */
  #visitEdges = new Int32Array(1 << 10);
  #visitFrom = new Int32Array(1 << 10);
  #visits = 0;
  /** By state: its first visit, plus one; and after whose steps it has been visited, as bits. */
  #firstVisits = new Int32Array(1 << 10);
  #visitedAfter = new Int32Array(1 << 10);
  readonly #found = new Map<string, Found>();
  readonly #outcomes = new Map<string, string>();
  readonly #outcomeOf = new Map<number, string>();
  #gaveUp: Exploration['gaveUp'];
  #result: Exploration | undefined;

  constructor(program: Program<World>, options: ExploreOptions) {
    this.#program = program;
    this.#options = options;
    this.#graph = new StateGraph(program);
    this.#push(NONE, NONE, 0, 0, 0);
  }

  get states(): number {
    return this.#graph.table.count;
  }

  run(steps: number): Exploration | undefined {
    const enough = this.#graph.edges + steps;
    while (!this.#result) {
      const visit = this.#frontier.pop();
      if (visit === undefined) this.#finish(true);
      else if (this.#isTooFar()) this.#finish(false);
      else {
        this.#visit(visit);
        if (this.#found.size > 0 && this.#stopsAtFirst) this.#finish(false);
      }
      if (this.#graph.edges >= enough) break;
    }
    return this.#result;
  }

  get #stopsAtFirst(): boolean {
    return this.#options.stopAt !== 'never';
  }

  #isTooFar(): boolean {
    const { preemptions = Number.POSITIVE_INFINITY, states = DEFAULT_STATES } = this.#options;
    const here = this.#frontier.preemptions;
    if (here <= preemptions && this.states <= states) return false;
    const why =
      here > preemptions
        ? `looked only at executions with at most ${preemptions} preemptions`
        : `there are more than ${states} states`;
    this.#gaveUp = { why, preemptionsProven: here - 1 };
    return true;
  }

  #visit(visit: number): void {
    const graph = this.#graph;
    const edge = this.#visitEdges[visit] as number;
    const isFirst = edge === NONE;
    const [state, last] = isFirst
      ? [graph.initial, NONE]
      : [graph.edgeTargets[edge] as number, graph.edgeTasks[edge] as number];
    this.#record(visit, isFirst ? graph.initialReports : graph.edgeReports.get(edge));
    if (this.#isVisited(state, last)) return;
    this.#visitedAfter = roomFor(this.#visitedAfter, state + 1);
    this.#visitedAfter[state] = (this.#visitedAfter[state] as number) | bitOf(last);
    if (!this.#firstVisits[state]) this.#expand(state, visit);
    if (!(this.#found.size > 0 && this.#stopsAtFirst)) this.#pushSuccessors(state, last, visit);
  }

  #isVisited(state: number, last: number): boolean {
    return state < this.#visitedAfter.length && ((this.#visitedAfter[state] as number) & bitOf(last)) !== 0;
  }

  #expand(state: number, visit: number): void {
    this.#firstVisits = roomFor(this.#firstVisits, state + 1);
    this.#firstVisits[state] = visit + 1;
    const { reports, outcome } = this.#graph.expand(state);
    this.#record(visit, reports);
    if (outcome === undefined) return;
    this.#outcomeOf.set(state, outcome);
    if (!this.#outcomes.has(outcome)) this.#outcomes.set(outcome, this.#scheduleTo(visit));
  }

  #pushSuccessors(state: number, last: number, visit: number): void {
    const graph = this.#graph;
    const { preemptions, switches, steps } = this.#frontier;
    const { first, end } = graph.edgesOf(state);
    let lastCanGoOn = false;
    for (let edge = first; edge < end; edge++) lastCanGoOn ||= graph.edgeTasks[edge] === last;
    for (let edge = first; edge < end; edge++) {
      const task = graph.edgeTasks[edge] as number;
      if (this.#isVisited(graph.edgeTargets[edge] as number, task) && !graph.edgeReports.has(edge)) continue;
      const isSwitch = last !== NONE && task !== last;
      this.#push(
        edge,
        visit,
        preemptions + (isSwitch && lastCanGoOn ? 1 : 0),
        switches + (isSwitch ? 1 : 0),
        steps + 1,
      );
    }
  }

  #push(edge: number, from: number, preemptions: number, switches: number, steps: number): void {
    this.#visitEdges = roomFor(this.#visitEdges, this.#visits + 1);
    this.#visitFrom = roomFor(this.#visitFrom, this.#visits + 1);
    this.#visitEdges[this.#visits] = edge;
    this.#visitFrom[this.#visits] = from;
    this.#frontier.push(this.#visits++, preemptions, switches, steps);
  }

  #record(visit: number, reports: readonly Report[] | undefined): void {
    for (const report of reports ?? []) {
      const key = `${report.kind}: ${report.message}`;
      if (!this.#found.has(key)) this.#found.set(key, { report, schedule: this.#scheduleTo(visit) });
    }
  }

  #tasksTo(visit: number): string[] {
    const tasks: string[] = [];
    for (let each = visit; this.#visitFrom[each] !== NONE; each = this.#visitFrom[each] as number) {
      tasks.push(this.#graph.taskName(this.#graph.edgeTasks[this.#visitEdges[each] as number] as number));
    }
    return tasks.reverse();
  }

  #scheduleTo(visit: number): string {
    return formatSchedule(this.#tasksTo(visit));
  }

  #finish(complete: boolean): void {
    const paths = complete ? countPaths(this.#graph, this.#outcomeOf) : undefined;
    if (complete && !paths) this.#recordLivelock();
    const unstable = checkDeterminism(this.#program, this.#graph);
    const violations = unstable ? [this.#unstable(unstable)] : this.#violations();
    const [violation] = violations;
    this.#result = {
      verdict: violation ? 'violated' : complete ? 'holds' : 'gave up',
      complete,
      engine: 'graph',
      steps: this.#graph.edges,
      states: this.states,
      ...(paths ? { interleavings: String(paths.all) } : {}),
      outcomes: this.#outcomesWith(paths?.byOutcome),
      violations,
      ...(violation ? { violation } : {}),
      ...(this.#gaveUp ? { gaveUp: this.#gaveUp } : {}),
      notes: this.#program.symmetric ? ['symmetry is not used by this engine: every task is explored as itself'] : [],
    };
  }

  #recordLivelock(): void {
    const wayTo = (state: number) => this.#tasksTo((this.#firstVisits[state] as number) - 1);
    const cycle = findLivelock(this.#graph, (state) => wayTo(state).length);
    if (!cycle) return;
    const around = cycle.tasks.map((task) => this.#graph.taskName(task));
    const who = [...new Set(around)].sort().join(', ');
    const report: Report = { kind: 'livelock', message: `${who} can go on for ever without getting anywhere` };
    this.#found.set('livelock', { report, schedule: formatSchedule([...wayTo(cycle.state), ...around]) });
  }

  #outcomesWith(interleavings: ReadonlyMap<string, bigint> | undefined): Record<string, Outcome> {
    const byName = [...this.#outcomes].sort(([one], [other]) => (one < other ? -1 : 1));
    return Object.fromEntries(
      byName.map(([name, schedule]) => [
        name,
        interleavings ? { schedule, interleavings: String(interleavings.get(name)) } : { schedule },
      ]),
    );
  }

  /** All that was found; but what a replay does not show again is no verdict. */
  #violations(): Violation[] {
    const violations: Violation[] = [];
    for (const found of this.#found.values()) {
      const violation = this.#violation(found);
      if (violation) violations.push(violation);
      else {
        const { kind, message } = found.report;
        const again = `${kind}: ${message}: a replay of ${found.schedule || 'the start'} does not show it again`;
        return [
          this.#unstable({
            kind: 'non-determinism',
            message: `${again}: some task depends on more than what its operations return`,
          }),
        ];
      }
    }
    return violations;
  }

  #unstable(report: Report): Violation {
    return this.#violation({ report, schedule: '' }) as Violation;
  }

  /** Replays what was found; undefined if it does not show. */
  #violation({ report, schedule }: Found): Violation | undefined {
    const { kind, message, task, waits } = report;
    const played = replayed(this.#program, schedule, { kind, message });
    if (!played) return undefined;
    return {
      kind,
      message,
      ...(task === undefined ? {} : { task: this.#graph.taskName(task) }),
      ...(waits ? { waits } : {}),
      ...(report.accesses ? { accesses: played.placed(report.accesses) } : {}),
      ...(played.held.length > 0 ? { held: played.held } : {}),
      schedule,
      trace: played.trace,
      minimal: kind !== 'livelock' && kind !== 'non-determinism',
    };
  }
}

function replayed<World>(program: Program<World>, schedule: string, wanted: Ending): Played | undefined {
  if (wanted.kind === 'non-determinism') return play(program, '', wanted);
  try {
    const played = play(program, schedule, wanted);
    const shows = ({ kind, message }: Report) =>
      kind === wanted.kind && (kind === 'livelock' || message === wanted.message);
    return played.reports.some(shows) ? played : undefined;
  } catch (error) {
    if (error instanceof RefusedStep) return undefined;
    throw error;
  }
}

const bitOf = (last: number) => 1 << (last + 1);
