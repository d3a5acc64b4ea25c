// misconception: needs-a-failure
import { fault, type WorldDescription } from '#linux';

export const world: WorldDescription = {
  bars: { bar0: 4 },
  vmas: { v: { bar: 'bar0', process: 'p' } },
  tasks: { A: fault('v', 3), B: fault('v', 3) },
  fail: { A: { remapAtPage: 2 } },
};
