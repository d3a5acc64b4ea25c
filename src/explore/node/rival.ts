/**
 * One engine in a thread: it works in turns, says after each how far it is, and in the end what it has come to. What DPOR is to
 * explore is in parts, if it can be: the threads take one after the other, also the graph's when that has given up.
 */

import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { type Come, endOfTurn, type Rival } from '../auto.ts';
import { type Part, partsOf } from '../dpor/parts.ts';
import { DporSearch } from '../dpor/search.ts';
import { GraphSearch } from '../graphSearch.ts';
import type { Program, Search } from '../program.ts';
import type { MainSays, Named, RivalData, RivalSays } from './parallel.ts';

const { named, options, rival, partsTaken } = workerData as RivalData;
const port = parentPort as MessagePort;
const tell = (said: RivalSays) => port.postMessage(said);

async function programOf({ module, export: name, arguments: args = [] }: Named): Promise<Program<unknown>> {
  const exported = (await import(module))[name] as Program<unknown> | ((...args: unknown[]) => Program<unknown>);
  if (exported === undefined) throw new Error(`${module} exports no ${name}`);
  return typeof exported === 'function' ? exported(...args) : exported;
}

const breathe = () => new Promise((resolve) => setImmediate(resolve));

/** Whether parts may still prove something; and when that is over. */
let mayProve = true;
const noParts = new Promise<void>((resolve) =>
  port.on('message', (said: MainSays) => {
    if (said !== 'no parts') return;
    mayProve = false;
    resolve();
  }),
);

/** What has been done in parts. */
const done = { steps: 0, executions: 0 };

/** Explores to the end; undefined if that of a part is of no use any more. */
async function explored(search: Search, by: Rival, isPart = false): Promise<Come | undefined> {
  for (let turn = 0; mayProve || !isPart; turn++) {
    const found = search.run(endOfTurn(by, turn) - search.steps);
    if (found) return { found, turn };
    const { states, estimate } = search;
    const [steps, executions] = [done.steps + search.steps, done.executions + search.executions];
    tell({ progress: { steps, states, executions, estimate: isPart ? undefined : estimate } });
    await breathe();
  }
  return undefined;
}

/** Explores parts, as long as there are some. One in which anything is wrong proves nothing. */
async function exploreParts(program: Program<unknown>, parts: readonly Part[]): Promise<void> {
  for (;;) {
    const part = Atomics.add(partsTaken, 0, 1);
    if (part >= parts.length) return;
    const search = new DporSearch(program, { ...options, stopAt: 'first', traces: false }, parts[part]);
    const come = await explored(search, 'dpor', true);
    if (!come) return;
    tell({ ...come, part, lockOrders: search.lockOrders, isTried: search.isTried });
    done.steps += search.steps;
    done.executions += search.executions;
  }
}

async function beGraph(program: Program<unknown>): Promise<void> {
  const graph = new GraphSearch(program, options);
  const parts = new Promise<readonly Part[]>((resolve) =>
    port.on('message', (said: MainSays) => {
      if (said === 'violated') graph.expectViolation();
      else if (said !== 'no parts') resolve(said.parts);
    }),
  );
  const come = (await explored(graph, 'graph')) as Come;
  tell(come);
  if (come.found.verdict === 'gave up') await exploreParts(program, await parts);
}

async function beDpor(program: Program<unknown>): Promise<void> {
  // Steps are allowed to one search, and an invariant is not proven by traces.
  const parts = options.steps === undefined && !program.invariant ? partsOf(program) : [];
  if (parts.length > 0) {
    tell({ parts });
    await exploreParts(program, parts);
    await noParts;
  }
  tell((await explored(new DporSearch(program, options), 'dpor')) as Come);
}

const program = await programOf(named);
await (rival === 'graph' ? beGraph(program) : beDpor(program));
