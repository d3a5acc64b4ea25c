/** One engine in a thread: it works in turns, says after each how far it is, and in the end what it has come to. */

import { parentPort, workerData } from 'node:worker_threads';
import { endOfTurn, type Rival } from '../auto.ts';
import { DporSearch } from '../dpor/search.ts';
import { GraphSearch } from '../graphSearch.ts';
import type { ExploreOptions, Program } from '../program.ts';
import type { Named, RivalSays } from './parallel.ts';

const { named, options, rival } = workerData as { named: Named; options: ExploreOptions; rival: Rival };
const tell = (said: RivalSays) => parentPort?.postMessage(said);

async function programOf({ module, export: name, arguments: args = [] }: Named): Promise<Program<unknown>> {
  const exported = (await import(module))[name] as Program<unknown> | ((...args: unknown[]) => Program<unknown>);
  if (exported === undefined) throw new Error(`${module} exports no ${name}`);
  return typeof exported === 'function' ? exported(...args) : exported;
}

const breathe = () => new Promise((resolve) => setImmediate(resolve));

const program = await programOf(named);
const search = rival === 'graph' ? new GraphSearch(program, options) : new DporSearch(program, options);
if (search instanceof GraphSearch) parentPort?.on('message', () => search.expectViolation());
parentPort?.unref();
for (let turn = 0; ; turn++) {
  const found = search.run(endOfTurn(rival, turn) - search.steps);
  if (found) {
    tell({ found, turn });
    break;
  }
  const { steps, states, executions, estimate } = search;
  tell({ progress: { steps, states, executions, ...(estimate === undefined ? {} : { estimate }) } });
  await breathe();
}
