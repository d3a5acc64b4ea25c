import { fault, type WorldDescription } from '#linux';

export const world: WorldDescription = {
  bars: { bar0: 2 },
  vmas: { v: { bar: 'bar0', process: 'p' } },
  tasks: { A: fault('v', 0), B: fault('v', 1) },
};
