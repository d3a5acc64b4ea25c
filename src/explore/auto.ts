/**
 * Both engines in turn, until one has proven something: the state graph, which knows the least counterexample, and optimal
 * DPOR, which needs no memory and is quick where tasks hardly meet. Turns are counted in work, never in time, and end where an
 * engine itself has come to an end of something, so the answer is the same on every machine, however the search is sliced, and
 * whether the engines take turns or run side by side.
 */

import { DporSearch } from './dpor/search.ts';
import { GraphSearch } from './graphSearch.ts';
import { type Exploration, type ExploreOptions, type Program, type Search, stopsAtFirst } from './program.ts';

export type Rival = 'graph' | 'dpor';

/** The graph alone, at first: it settles nearly all that a course asks in less. After that, about the same time for each. */
const FIRST_TURN = 50_000;
const TURN: { readonly [rival in Rival]: number } = { graph: 10_000, dpor: 25_000 };

/** How much the engine has done, in all, when its turn of that number is over. The graph's comes first. */
export function endOfTurn(rival: Rival, turn: number): number {
  return (rival === 'graph' ? FIRST_TURN : TURN.dpor) + turn * TURN[rival];
}

/** What an engine has come to, and in which of its turns. */
export interface Come {
  readonly found: Exploration;
  readonly turn: number;
}

/** What the two have come to together, as far as is known; `turn` is the number of turns that each has had. */
export function verdictOf(
  come: { readonly [rival in Rival]?: Come | undefined },
  turns: { readonly [rival in Rival]: number },
  stopsAtFirst: boolean,
): Exploration | undefined {
  const { graph, dpor } = come;
  // Asked for all that there is, DPOR says it only if the graph cannot: it does not know the shortest ways.
  const dporProves = dpor?.found.verdict === 'holds' && (stopsAtFirst || graph?.found.verdict === 'gave up');
  const isGraphFirst = graph && (!dporProves || graph.turn <= dpor.turn);
  if (graph && graph.found.verdict !== 'gave up' && isGraphFirst) {
    // DPOR's turns before that of the graph's must not have been enough.
    return dpor || turns.dpor >= graph.turn || !stopsAtFirst ? graph.found : undefined;
  }
  if (dporProves) return graph || turns.graph > dpor.turn ? dpor.found : undefined;
  if (!graph || !dpor) return undefined;
  return dpor.found.verdict === 'violated' ? dpor.found : { ...graph.found, gaveUp: bothGaveUp(graph, dpor) };
}

function bothGaveUp(graph: Come, dpor: Come): NonNullable<Exploration['gaveUp']> {
  const why = [graph, dpor].flatMap(({ found }) => found.gaveUp?.why ?? []).join('; ');
  return { why, preemptionsProven: graph.found.gaveUp?.preemptionsProven ?? -1 };
}

export class AutoSearch<World> implements Search {
  readonly #graph: GraphSearch<World>;
  /** Made when its first turn comes. */
  #dpor: DporSearch<World> | undefined;
  readonly #makeDpor: () => DporSearch<World>;
  readonly #stopsAtFirst: boolean;
  readonly #come: { [rival in Rival]?: Come } = {};
  readonly #turns: { [rival in Rival]: number } = { graph: 0, dpor: 0 };
  #rival: Rival = 'graph';

  constructor(program: Program<World>, options: ExploreOptions) {
    this.#graph = new GraphSearch(program, options);
    this.#makeDpor = () => new DporSearch(program, options);
    this.#stopsAtFirst = stopsAtFirst(options);
  }

  get steps(): number {
    return this.#graph.steps + (this.#dpor?.steps ?? 0);
  }

  get states(): number {
    return this.#graph.states;
  }

  get executions(): number {
    return this.#dpor?.executions ?? 0;
  }

  get interleavings(): number | undefined {
    return this.#graph.interleavings;
  }

  get estimate(): number | undefined {
    return this.#dpor?.estimate;
  }

  run(steps: number): Exploration | undefined {
    for (let left = steps; ; ) {
      const result = verdictOf(this.#come, this.#turns, this.#stopsAtFirst);
      if (result) return result;
      const engine = this.#engine;
      const before = engine.steps;
      const end = endOfTurn(this.#rival, this.#turns[this.#rival]);
      const found = engine.run(Math.min(left, end - before));
      if (found) this.#note(found);
      else if (engine.steps >= end) this.#pass();
      left -= engine.steps - before;
      if (left <= 0) return verdictOf(this.#come, this.#turns, this.#stopsAtFirst);
    }
  }

  stop(why: string): Exploration {
    this.#come.graph ??= { found: this.#graph.stop(why), turn: this.#turns.graph };
    if (this.#dpor) this.#come.dpor ??= { found: this.#dpor.stop(why), turn: this.#turns.dpor };
    return verdictOf(this.#come, this.#turns, this.#stopsAtFirst) ?? this.#come.graph.found;
  }

  #note(found: Exploration): void {
    this.#come[this.#rival] = { found, turn: this.#turns[this.#rival] };
    // What DPOR finds is a counterexample, but the graph knows the least.
    if (this.#rival === 'dpor' && found.verdict === 'violated' && this.#stopsAtFirst) this.#graph.expectViolation();
    this.#pass();
  }

  /** The other engine's turn, unless it has come to its end. */
  #pass(): void {
    this.#turns[this.#rival]++;
    const other = this.#rival === 'graph' ? 'dpor' : 'graph';
    if (!this.#come[other]) this.#rival = other;
  }

  /** Whose turn it is. */
  get #engine(): GraphSearch<World> | DporSearch<World> {
    if (this.#rival === 'graph') return this.#graph;
    this.#dpor ??= this.#makeDpor();
    return this.#dpor;
  }
}
