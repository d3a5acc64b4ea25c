// misconception: bug-needs-bad-state
import { fault, type WorldDescription } from '#linux';

export const world: WorldDescription = {
  bars: { bar0: 4 },
  vmas: { v: { bar: 'bar0', process: 'p' } },
  memory: 'disabled',
  tasks: { A: fault('v', 0), B: fault('v', 1) },
};
