/** Explores a program under every interleaving. */

import { AutoSearch } from './auto.ts';
import { DporSearch } from './dpor/search.ts';
import { GraphSearch } from './graphSearch.ts';
import type { Exploration, ExploreOptions, Program, Search } from './program.ts';

/** Explores to the end. See `Exploration` for what it says. Throws for a program that breaks the one rule. */
export function explore<World>(program: Program<World>, options: ExploreOptions = {}): Exploration {
  return start(program, options).run(Number.POSITIVE_INFINITY) as Exploration;
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
    default:
      throw new Error(`there is no engine '${engine}': choose 'auto', 'graph', 'dpor' or 'random'`);
  }
}
