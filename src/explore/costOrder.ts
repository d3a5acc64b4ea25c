/**
 * Ways through the state graph in the order of their cost: fewest preemptions, then fewest switches, then fewest steps. So the
 * first way that comes to a failure is proven to be the least.
 *
 * What a way costs from a state on depends on the task that ran last, so what is visited is a state and that task. A way that
 * comes to a state a preemption and a switch later than the first did is not followed: the first, switching here, is as cheap.
 */

import { Frontier } from './frontier.ts';
import type { StateGraph } from './graph.ts';
import { roomFor } from './memory.ts';

/** The initial state is reached by no edge, after nobody has moved, and its visit comes from no other. */
const NONE = -1;

export class CostOrder {
  readonly #graph: StateGraph;
  readonly #frontier = new Frontier();
  /** By visit: the edge that it ends with, and the visit that it goes on from. */
  #edges = new Int32Array(1 << 10);
  #from = new Int32Array(1 << 10);
  #visits = 0;
  /** By state: its first visit, plus one, and what that cost; and after whose steps it has been visited, as bits. */
  #first = new Int32Array(1 << 10);
  #firstPreemptions = new Int32Array(1 << 10);
  #firstSwitches = new Int32Array(1 << 10);
  #visitedAfter = new Int32Array(1 << 10);

  constructor(graph: StateGraph) {
    this.#graph = graph;
    this.#push(NONE, NONE, 0, 0, 0);
  }

  /** The preemptions of all ways that are still to come, at least. */
  get preemptions(): number {
    return this.#frontier.preemptions;
  }

  /** The next visit in order, which `follow` may go on from; undefined if there is none. */
  next(): number | undefined {
    return this.#frontier.pop();
  }

  /** The edge that the visit ends with; -1 for the visit of the initial state. */
  edgeOf(visit: number): number {
    return this.#edges[visit] as number;
  }

  stateOf(visit: number): number {
    const edge = this.edgeOf(visit);
    return edge === NONE ? this.#graph.initial : this.#graph.edges.targetOf(edge);
  }

  /** Whether the state has been visited. */
  isReached(state: number): boolean {
    return (this.#first[state] ?? 0) > 0;
  }

  /** Whether the visit is the first of its state. */
  isFirst(visit: number): boolean {
    return this.#first[this.stateOf(visit)] === visit + 1;
  }

  /** The tasks that move on the cheapest way to a state that has been reached. */
  tasksTo(state: number): string[] {
    return this.tasksOf((this.#first[state] as number) - 1);
  }

  /** The tasks that move on the way of a visit. */
  tasksOf(visit: number): string[] {
    const tasks: string[] = [];
    for (let each = visit; this.#from[each] !== NONE; each = this.#from[each] as number)
      tasks.push(this.#graph.taskName(this.#graph.edges.taskOf(this.edgeOf(each))));
    return tasks.reverse();
  }

  /** Whether the visit is worth going on from: nobody has come here so cheaply after the same task's step. */
  isNew(visit: number): boolean {
    const state = this.stateOf(visit);
    return !this.#isVisited(state, this.#lastOf(visit)) && !this.#isDominated(state);
  }

  /** Goes on from the visit that came last: marks its state as visited, and puts the ways on from it in their order. */
  follow(visit: number): void {
    const { edges, edgeReports } = this.#graph;
    const state = this.stateOf(visit);
    const last = this.#lastOf(visit);
    this.#mark(state, last, visit);
    const { preemptions, switches, steps } = this.#frontier;
    const { first, end } = edges.of(state);
    let lastCanGoOn = false;
    for (let edge = first; edge < end; edge++) lastCanGoOn ||= edges.taskOf(edge) === last;
    for (let edge = first; edge < end; edge++) {
      const task = edges.taskOf(edge);
      if (this.#isVisited(edges.targetOf(edge), task) && !edgeReports.has(edge)) continue;
      const isSwitch = last !== NONE && task !== last ? 1 : 0;
      this.#push(edge, visit, preemptions + (lastCanGoOn ? isSwitch : 0), switches + isSwitch, steps + 1);
    }
  }

  #lastOf(visit: number): number {
    const edge = this.edgeOf(visit);
    return edge === NONE ? NONE : this.#graph.edges.taskOf(edge);
  }

  #isVisited(state: number, last: number): boolean {
    return state < this.#visitedAfter.length && ((this.#visitedAfter[state] as number) & bitOf(last)) !== 0;
  }

  /** Whether the visit that came last costs a preemption and a switch more than the first of its state, at least. */
  #isDominated(state: number): boolean {
    if (!this.isReached(state)) return false;
    const preemptions = this.#frontier.preemptions - (this.#firstPreemptions[state] as number);
    const switches = this.#frontier.switches - (this.#firstSwitches[state] as number);
    return preemptions > 1 || (preemptions === 1 && switches > 1);
  }

  #mark(state: number, last: number, visit: number): void {
    this.#visitedAfter = roomFor(this.#visitedAfter, state + 1);
    this.#visitedAfter[state] = (this.#visitedAfter[state] as number) | bitOf(last);
    if (this.isReached(state)) return;
    this.#first = roomFor(this.#first, state + 1);
    this.#firstPreemptions = roomFor(this.#firstPreemptions, state + 1);
    this.#firstSwitches = roomFor(this.#firstSwitches, state + 1);
    this.#first[state] = visit + 1;
    this.#firstPreemptions[state] = this.#frontier.preemptions;
    this.#firstSwitches[state] = this.#frontier.switches;
  }

  #push(edge: number, from: number, preemptions: number, switches: number, steps: number): void {
    this.#edges = roomFor(this.#edges, this.#visits + 1);
    this.#from = roomFor(this.#from, this.#visits + 1);
    this.#edges[this.#visits] = edge;
    this.#from[this.#visits] = from;
    this.#frontier.push(this.#visits++, preemptions, switches, steps);
  }
}

const bitOf = (last: number) => 1 << (last + 1);
