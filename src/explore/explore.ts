/** Explores a program under every interleaving. */

import type { Exploration, ExploreOptions, Program, Search } from './program.ts';
import { GraphSearch } from './search.ts';

/** Explores to the end. See `Exploration` for what it says. Throws for a program that breaks the one rule. */
export function explore<World>(program: Program<World>, options: ExploreOptions = {}): Exploration {
  return start(program, options).run(Number.POSITIVE_INFINITY) as Exploration;
}

/** Starts an exploration to be run in slices. */
export function start<World>(program: Program<World>, options: ExploreOptions = {}): Search {
  const { engine = 'auto' } = options;
  if (engine !== 'auto' && engine !== 'graph')
    throw new Error(`engine '${engine}' is not built yet: use 'auto' or 'graph'`);
  return new GraphSearch(program, options);
}
