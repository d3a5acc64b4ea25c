import { fault, type WorldDescription } from '#linux';

// As the first report had it: both on one page.
export const world: WorldDescription = {
  bars: { bar0: 1 },
  vmas: { v: { bar: 'bar0', process: 'p' } },
  tasks: { A: fault('v', 0), B: fault('v', 0) },
};
