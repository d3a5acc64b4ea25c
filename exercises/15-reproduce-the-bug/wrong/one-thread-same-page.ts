// misconception: one-thread-twice
import { fault, type WorldDescription } from '#linux';

export const world: WorldDescription = {
  bars: { bar0: 1 },
  vmas: { v: { bar: 'bar0', process: 'p' } },
  tasks: { A: [fault('v', 0), fault('v', 0)] },
};
