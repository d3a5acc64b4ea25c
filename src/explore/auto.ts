/**
 * Both engines in turn, until one has proven something: the state graph, which knows the least counterexample, and optimal
 * DPOR, which needs no memory and is quick where tasks hardly meet. Turns are counted in work, never in time, and begin and
 * end where the engines themselves are, so the answer is the same on every machine and however the search is sliced.
 */

import { DporSearch } from './dpor/search.ts';
import { GraphSearch } from './graphSearch.ts';
import type { Exploration, ExploreOptions, Program, Search } from './program.ts';

/** The graph alone, at first: it settles nearly all that a course asks in less. */
const FIRST_TURN = 50_000;
const TURN = 10_000;

export class AutoSearch<World> implements Search {
  readonly #graph: GraphSearch<World>;
  /** Made when its first turn comes. */
  #dpor: DporSearch<World> | undefined;
  readonly #makeDpor: () => DporSearch<World>;
  readonly #stopsAtFirst: boolean;
  /** What each has come to. */
  #ofGraph: Exploration | undefined;
  #ofDpor: Exploration | undefined;
  #turn: 'graph' | 'dpor' = 'graph';
  /** The amount of work at which the turn ends. */
  #end = FIRST_TURN;

  constructor(program: Program<World>, options: ExploreOptions) {
    this.#graph = new GraphSearch(program, options);
    this.#makeDpor = () => new DporSearch(program, options);
    this.#stopsAtFirst = options.stopAt !== 'never';
  }

  get states(): number {
    return this.#graph.states;
  }

  get executions(): number {
    return this.#dpor?.executions ?? 0;
  }

  get estimate(): number | undefined {
    return this.#dpor?.estimate;
  }

  run(steps: number): Exploration | undefined {
    for (let left = steps; ; ) {
      const result = this.#result();
      if (result) return result;
      const engine = this.#engine;
      const before = engine.work;
      const found = engine.run(Math.min(left, this.#end - before));
      if (found) this.#note(found);
      else if (engine.work >= this.#end) this.#takeTurns();
      left -= engine.work - before;
      if (left <= 0) return this.#result();
    }
  }

  #note(found: Exploration): void {
    if (this.#turn === 'graph') this.#ofGraph = found;
    else this.#ofDpor = found;
    // What DPOR finds is a counterexample, but the graph knows the least.
    if (this.#turn === 'dpor' && found.verdict === 'violated' && this.#stopsAtFirst) this.#graph.expectViolation();
    this.#takeTurns();
  }

  /** The other engine's turn, unless it has come to its end. */
  #takeTurns(): void {
    const other = this.#turn === 'graph' ? 'dpor' : 'graph';
    if (!(other === 'graph' ? this.#ofGraph : this.#ofDpor)) this.#turn = other;
    this.#end = this.#engine.work + TURN;
  }

  /** Whose turn it is. */
  get #engine(): GraphSearch<World> | DporSearch<World> {
    if (this.#turn === 'graph') return this.#graph;
    this.#dpor ??= this.#makeDpor();
    return this.#dpor;
  }

  /** What the two have come to together. */
  #result(): Exploration | undefined {
    const [graph, dpor] = [this.#ofGraph, this.#ofDpor];
    if (graph && graph.verdict !== 'gave up') return graph;
    // Asked for all that there is, DPOR says it only if the graph cannot: it does not know the shortest ways.
    if (dpor?.verdict === 'holds' && (this.#stopsAtFirst || graph)) return dpor;
    if (!graph || !dpor) return undefined;
    return dpor.verdict === 'violated' ? dpor : { ...graph, gaveUp: bothGaveUp(graph, dpor) };
  }
}

function bothGaveUp(graph: Exploration, dpor: Exploration): NonNullable<Exploration['gaveUp']> {
  const why = [graph, dpor].flatMap(({ gaveUp }) => gaveUp?.why ?? []).join('; ');
  return { why, preemptionsProven: graph.gaveUp?.preemptionsProven ?? -1 };
}
