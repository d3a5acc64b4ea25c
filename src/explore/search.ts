/**
 * The state-graph search. It visits (state, task that ran last) in the order of (preemptions, switches, steps), so the
 * first failure it meets is proven minimal; and each state once more than it must, so when it ends, everything was seen.
 */

import { checkDeterminism } from './determinism.ts';
import { type Cost, Frontier } from './frontier.ts';
import { StateGraph } from './graph.ts';
import { findLivelock } from './livelock.ts';
import { MAX_TASKS, type Report } from './machine.ts';
import { countPaths } from './paths.ts';
import type { Ending, Exploration, ExploreOptions, Outcome, Program, Search, Violation } from './program.ts';
import { type Played, play, RefusedStep } from './replay.ts';
import { formatSchedule } from './schedule.ts';

const NOBODY = -1;
const DEFAULT_STATES = 1_000_000;

/** A state with the task that ran last, and the way it was reached. */
interface Visit extends Cost {
  readonly state: number;
  readonly last: number;
  readonly from: Visit | undefined;
  /** What went wrong on the edge that led here. */
  readonly reports: readonly Report[] | undefined;
}

interface Found {
  readonly report: Report;
  readonly schedule: string;
}

export class GraphSearch<World> implements Search {
  readonly #program: Program<World>;
  readonly #options: ExploreOptions;
  readonly #graph: StateGraph<World>;
  readonly #frontier = new Frontier<Visit>();
  readonly #visited = new Set<number>();
  readonly #firstVisit: (Visit | undefined)[] = [];
  readonly #found = new Map<string, Found>();
  readonly #outcomes = new Map<string, string>();
  readonly #outcomeOf = new Map<number, string>();
  #gaveUp: Exploration['gaveUp'];
  #result: Exploration | undefined;

  constructor(program: Program<World>, options: ExploreOptions) {
    this.#program = program;
    this.#options = options;
    this.#graph = new StateGraph(program);
    const { initial, initialReports } = this.#graph;
    this.#frontier.push({
      state: initial,
      last: NOBODY,
      from: undefined,
      reports: initialReports,
      preemptions: 0,
      switches: 0,
      steps: 0,
    });
  }

  get states(): number {
    return this.#graph.table.count;
  }

  run(steps: number): Exploration | undefined {
    const enough = this.#graph.edges + steps;
    while (!this.#result) {
      const visit = this.#frontier.pop();
      if (!visit) this.#finish(true);
      else if (this.#isTooFar(visit)) this.#finish(false);
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

  #isTooFar(visit: Visit): boolean {
    const { preemptions = Number.POSITIVE_INFINITY, states = DEFAULT_STATES } = this.#options;
    const why =
      visit.preemptions > preemptions
        ? `looked only at executions with at most ${preemptions} preemptions`
        : this.states > states
          ? `there are more than ${states} states`
          : undefined;
    if (why) this.#gaveUp = { why, preemptionsProven: visit.preemptions - 1 };
    return why !== undefined;
  }

  #visit(visit: Visit): void {
    this.#record(visit, visit.reports);
    const key = visit.state * (MAX_TASKS + 1) + visit.last + 1;
    if (this.#visited.has(key)) return;
    this.#visited.add(key);
    if (!this.#firstVisit[visit.state]) this.#expand(visit);
    if (!(this.#found.size > 0 && this.#stopsAtFirst)) this.#pushSuccessors(visit);
  }

  #expand(visit: Visit): void {
    this.#firstVisit[visit.state] = visit;
    const { reports, outcome } = this.#graph.expand(visit.state);
    this.#record(visit, reports);
    if (outcome === undefined) return;
    this.#outcomeOf.set(visit.state, outcome);
    if (!this.#outcomes.has(outcome)) this.#outcomes.set(outcome, this.#scheduleTo(visit));
  }

  #pushSuccessors(visit: Visit): void {
    const graph = this.#graph;
    const { first, end } = graph.edgesOf(visit.state);
    let lastCanGoOn = false;
    for (let edge = first; edge < end; edge++) lastCanGoOn ||= graph.edgeTasks[edge] === visit.last;
    for (let edge = first; edge < end; edge++) {
      const task = graph.edgeTasks[edge] as number;
      const switches = visit.last !== NOBODY && task !== visit.last ? 1 : 0;
      this.#frontier.push({
        state: graph.edgeTargets[edge] as number,
        last: task,
        from: visit,
        reports: graph.edgeReports.get(edge),
        preemptions: visit.preemptions + (switches && lastCanGoOn ? 1 : 0),
        switches: visit.switches + switches,
        steps: visit.steps + 1,
      });
    }
  }

  #record(visit: Visit, reports: readonly Report[] | undefined): void {
    for (const report of reports ?? []) {
      const key = `${report.kind}: ${report.message}`;
      if (!this.#found.has(key)) this.#found.set(key, { report, schedule: this.#scheduleTo(visit) });
    }
  }

  #tasksTo(visit: Visit): string[] {
    const tasks: string[] = [];
    for (let each = visit; each.from; each = each.from) tasks.push(this.#graph.taskName(each.last));
    return tasks.reverse();
  }

  #scheduleTo(visit: Visit): string {
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
    const cycle = findLivelock(this.#graph, (state) => this.#firstVisit[state]?.steps ?? 0);
    if (!cycle) return;
    const entry = this.#firstVisit[cycle.state] as Visit;
    const around = cycle.tasks.map((task) => this.#graph.taskName(task));
    const who = [...new Set(around)].sort().join(', ');
    const report: Report = { kind: 'livelock', message: `${who} can go on for ever without getting anywhere` };
    this.#found.set('livelock', { report, schedule: formatSchedule([...this.#tasksTo(entry), ...around]) });
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
