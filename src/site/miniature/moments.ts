/**
 * The race of the home page in as few moves as show it: a CPU looks at its entry and stops there, or runs to its end. All that can
 * come of it is played by the engine while the site is built, so the page needs neither engine nor kernel.
 */

import { twoFaults } from '#course/experiments/worlds';
import { type Position, positionAfter, type TraceStep } from '#explore';
import { generations, simulate } from '#linux';
import { kernelReport } from '#linux/report';
import { type Cpu, type Crash, cpus, type Extent, type Moment, type Moments, moveAfter, type Row } from './moves.ts';

const pages: Readonly<Record<Cpu, number>> = { A: 0, B: 1 };
const program = () => simulate(twoFaults(pages.A, pages.B), generations.v5_8);

interface Node {
  readonly moves: string;
  readonly moment: Moment;
  readonly position: Position;
}

/** All moments that moves can lead to. */
export function momentsOfTheRace(): Moments {
  const moments: Record<string, Moment> = {};
  const todo = [begin()];
  for (let node = todo.pop(); node; node = todo.pop()) {
    moments[node.moves] = node.moment;
    for (const cpu of cpus) for (const extent of node.moment.choices[cpu]) todo.push(after(node, cpu, extent));
  }
  return moments;
}

function begin(): Node {
  const position = positionAfter(program(), '');
  const moment = { rows: [], entries: [0, 1, 2, 3].map(() => undefined), choices: choicesAt(position) };
  return { moves: '', moment, position };
}

function after({ moves, moment, position }: Node, cpu: Cpu, extent: Extent): Node {
  const next = run(position, cpu, extent);
  const done = next.trace.steps.slice(position.trace.steps.length);
  const crash = crashOf(next);
  const entries = moment.entries.map((filler, page) => filler ?? (fills(done, page) ? cpu : undefined));
  const row: Row = { cpu, does: told(cpu, done, next), ...(crash && { isBug: true }) };
  const choices = crash ? { A: [], B: [] } : choicesAt(next);
  const rows = [...moment.rows, row];
  return {
    moves: moveAfter(moves, cpu, extent),
    moment: { rows, entries, choices, ...(crash && { crash }) },
    position: next,
  };
}

/** Lets that CPU go on: to the look at its entry, or until it cannot. */
function run(from: Position, cpu: Cpu, extent: Extent): Position {
  let position = from;
  do position = positionAfter(program(), [position.trace.schedule, cpu].filter(Boolean).join('-'));
  while (canMove(position, cpu) && !(extent === 'look' && looks(position.trace.steps.at(-1), cpu)));
  return position;
}

const canMove = ({ choices, found }: Position, cpu: Cpu): boolean =>
  found.length === 0 && (choices.at(-1)?.some(({ task }) => task === cpu) ?? false);

/** Not the fill's own look: there it holds the table's lock. */
const looks = (step: TraceStep | undefined, cpu: Cpu): boolean =>
  step?.operation === `pte_none(v[${pages[cpu]}])` && !step.locks.some((lock) => lock.startsWith('ptl'));

const fills = (steps: readonly TraceStep[], page: number): boolean =>
  steps.some(({ operation }) => operation.startsWith(`set_pte_at(v[${page}],`));

function choicesAt(position: Position): Moment['choices'] {
  return { A: extentsOf(position, 'A'), B: extentsOf(position, 'B') };
}

/** Who has looked, or has no need to, can only go on. */
function extentsOf(position: Position, cpu: Cpu): readonly Extent[] {
  if (!canMove(position, cpu)) return [];
  const hasLooked = position.trace.steps.some(({ task }) => task === cpu);
  return !hasLooked && canMove(run(position, cpu, 'look'), cpu) ? ['look', 'end'] : ['end'];
}

function told(cpu: Cpu, steps: readonly TraceStep[], position: Position): string {
  const page = pages[cpu];
  const look = steps.find((step) => looks(step, cpu));
  if (crashOf(position)) return 'fills too: entry 0 is full';
  if (!fills(steps, page)) return look ? `looks: entry ${page} is empty` : `looks: entry ${page} is full, no fault`;
  return look ? 'looks, and fills all four' : 'fills all four';
}

function crashOf({ trace, found }: Position): Crash | undefined {
  if (!found.some(({ kind }) => kind === 'bug')) return undefined;
  const { lines = [] } = kernelReport(trace) ?? {};
  const line = (start: string) => lines.find((each) => each.startsWith(start)) ?? '';
  return { headline: line('kernel BUG'), at: line('RIP'), dead: trace.steps.at(-1)?.task as Cpu };
}
