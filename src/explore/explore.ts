/** Explores a program under every interleaving. */

import { AutoSearch } from './auto.ts';
import { RandomSearch } from './dpor/randomSearch.ts';
import { DporSearch } from './dpor/search.ts';
import { GraphSearch } from './graphSearch.ts';
import type { Exploration, ExploreOptions, Program, Search } from './program.ts';

/** Steps between two reports of how far a search has come. */
const SLICE = 10_000;

/** Explores to the end. See `Exploration` for what it says. Throws for a program that breaks the one rule. */
export function explore<World>(program: Program<World>, options: ExploreOptions = {}): Exploration {
  const { onProgress, signal } = options;
  const search = start(program, options);
  for (;;) {
    const found = search.run(onProgress || signal ? SLICE : Number.POSITIVE_INFINITY);
    if (found) return found;
    const { steps, states, executions, estimate } = search;
    onProgress?.({ steps, states, executions, estimate, interleavings: search.interleavings });
    if (signal?.aborted) return search.stop('it was cancelled');
  }
}

/** Starts an exploration to be run in slices. */
export function start<World>(program: Program<World>, options: ExploreOptions = {}): Search {
  const { engine = 'auto', preemptions } = options;
  switch (engine) {
    case 'auto':
      // What is asked in every state, and what is counted in preemptions, only the graph can answer.
      return program.invariant || preemptions !== undefined
        ? new GraphSearch(program, options)
        : new AutoSearch(program, options);
    case 'graph':
      return new GraphSearch(program, options);
    case 'dpor':
      return new DporSearch(program, options);
    case 'random':
      return new RandomSearch(program, options);
    default:
      throw new Error(`there is no engine '${engine}': choose 'auto', 'graph', 'dpor' or 'random'`);
  }
}
