// misconception: needs-a-writer
import { fault, type WorldDescription, write } from '#linux';

export const world: WorldDescription = {
  bars: { bar0: 4 },
  vmas: { v: { bar: 'bar0', process: 'p' } },
  tasks: { A: fault('v', 0), B: write('v', 0) },
};
