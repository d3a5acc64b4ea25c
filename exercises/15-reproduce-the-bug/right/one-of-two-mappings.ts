import { fault, type WorldDescription } from '#linux';

// The lesson's harder one: only v is at risk.
export const world: WorldDescription = {
  bars: { bar0: 2, bar2: 3 },
  vmas: { v: { bar: 'bar0', process: 'p' }, w: { bar: 'bar2', process: 'p' } },
  tasks: { A: fault('v', 1), B: fault('w', 0), C: fault('v', 0) },
};
