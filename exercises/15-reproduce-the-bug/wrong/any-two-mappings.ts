// misconception: any-two-mappings
import { fault, type WorldDescription } from '#linux';

export const world: WorldDescription = {
  bars: { bar0: 4 },
  vmas: { v: { bar: 'bar0', process: 'p' }, w: { bar: 'bar0', process: 'p' } },
  tasks: { A: fault('v', 0), B: fault('w', 0) },
};
