/** The state graph: a state is where each task stands and what memory holds; an edge is one step of one task. */

import { Automaton, type Node } from './automaton.ts';
import { compareSegments, judge, outcomeOf, races } from './judgement.ts';
import { Machine, type Report, type Task } from './machine.ts';
import type { Program } from './program.ts';
import { roomFor, StateTable } from './states.ts';
import { isUnstarted, look, placeAll, type Run, takeStep } from './stepping.ts';
import type { Blocked } from './waits.ts';

/** What is wrong with a state, and how the execution ended if no task can move. */
export interface Findings {
  readonly reports: readonly Report[];
  readonly outcome: string | undefined;
}

const NOTHING: Findings = { reports: [], outcome: undefined };

/** More nodes than an automaton will have, so that a pair of them is one number. */
const NODES = 2 ** 26;

export class StateGraph<World = unknown> {
  readonly machine: Machine<World>;
  readonly automaton: Automaton;
  readonly table = new StateTable();
  /** Edges in the order they were found; those of one state are neighbours. */
  edgeTasks = new Int32Array(1 << 10);
  edgeTargets = new Int32Array(1 << 10);
  edges = 0;
  /** What went wrong on an edge. */
  readonly edgeReports = new Map<number, readonly Report[]>();
  /** Edges on which something was achieved. */
  readonly progress = new Set<number>();
  /** What went wrong before the first step. */
  readonly initialReports: readonly Report[];
  readonly initial: number;
  readonly #run: Run<Node>;
  #firstEdge = new Int32Array(1 << 8);
  #endOfEdges = new Int32Array(1 << 8);
  /** Whether two tasks race depends on where they stand alone, so each pair of nodes is compared once. */
  readonly #raceOf = new Map<number, Report | undefined>();

  constructor(program: Program<World>) {
    this.machine = new Machine(program);
    this.automaton = new Automaton(this.machine);
    this.#run = { machine: this.machine, stepper: this.automaton };
    placeAll(this.#run);
    this.initialReports = this.machine.reports.splice(0);
    this.initial = this.table.add(this.machine.words, this.machine.end());
  }

  taskName(task: number): string {
    return (this.machine.tasks[task] as Task).name;
  }

  /** The edges of an expanded state are those from `first` up to, not including, `end`. */
  edgesOf(state: number): { first: number; end: number } {
    return { first: this.#firstEdge[state] as number, end: this.#endOfEdges[state] as number };
  }

  /** Brings the machine to the state. */
  rewindTo(state: number): void {
    this.machine.clearFrom(this.table.copyTo(this.machine.words, state));
  }

  /** Finds the state's successors, and what is wrong with the state itself. Once for each state. */
  expand(state: number): Findings {
    const { machine } = this;
    const first = this.edges;
    const tasks = machine.tasks.length;
    const blocked: Blocked[] = [];
    for (let task = 0; task < tasks; task++) {
      this.rewindTo(state);
      const wait = this.#follow(task);
      if (wait) blocked.push(wait);
    }
    this.rewindTo(state);
    this.#firstEdge = roomFor(this.#firstEdge, state + 1);
    this.#endOfEdges = roomFor(this.#endOfEdges, state + 1);
    this.#firstEdge[state] = first;
    this.#endOfEdges[state] = this.edges;
    return this.#judge(blocked, this.edges === first);
  }

  /** What is wrong with the state that the machine is in. Most states have nothing to ask about, and are many. */
  #judge(blocked: readonly Blocked[], nobodyMoves: boolean): Findings {
    const { machine } = this;
    const isAsked = nobodyMoves || blocked.length > 0 || machine.program.invariant !== undefined;
    const accessing = this.#countAccessing();
    const mayRace = accessing > 1 || (accessing > 0 && blocked.length > 0);
    if (!isAsked && !mayRace) return NOTHING;
    const positions = machine.tasks.map(({ index }) => this.automaton.at(index));
    const reports = judge(machine, positions, blocked, nobodyMoves);
    if (mayRace) reports.push(...this.#races(positions, blocked));
    const outcome = nobodyMoves ? outcomeOf(machine) : undefined;
    if (typeof outcome === 'object') reports.push(outcome);
    return { reports, outcome: typeof outcome === 'string' ? outcome : undefined };
  }

  /** How many tasks have made plain accesses since their last scheduling point, or may make some before their first. */
  #countAccessing(): number {
    const { automaton, machine } = this;
    let count = 0;
    for (let task = 0; task < machine.tasks.length; task++) {
      const position = automaton.at(task);
      if (position && (position.segment.length > 0 || isUnstarted(position))) count++;
    }
    return count;
  }

  /** Adds the edge of one task's step, if the task can take one. Returns what keeps it if it is blocked. */
  #follow(task: number): Blocked | undefined {
    const { machine, automaton } = this;
    if (automaton.at(task)?.pending.type !== 'operation') return undefined;
    machine.progressed = false;
    const blocked = takeStep(this.#run, task);
    const reports = machine.reports.splice(0);
    if (blocked) return blocked;
    this.edgeTasks = roomFor(this.edgeTasks, this.edges + 1);
    this.edgeTargets = roomFor(this.edgeTargets, this.edges + 1);
    this.edgeTasks[this.edges] = task;
    this.edgeTargets[this.edges] = this.table.add(machine.words, machine.end());
    if (machine.progressed) this.progress.add(this.edges);
    if (reports.length > 0) this.edgeReports.set(this.edges, reports);
    this.edges++;
    return undefined;
  }

  #races(positions: readonly (Node | undefined)[], blocked: readonly Blocked[]): Report[] {
    const standing = positions.map((position, task) =>
      position && isUnstarted(position) ? (look(this.#run, task)?.position as Node) : position,
    );
    const segments = standing.map((position) => position?.segment ?? []);
    return races(this.machine, segments, blocked, (one, other) => {
      const pair = (standing[one] as Node).id * NODES + (standing[other] as Node).id;
      if (!this.#raceOf.has(pair)) this.#raceOf.set(pair, compareSegments(this.machine, segments, one, other));
      return this.#raceOf.get(pair);
    });
  }
}
