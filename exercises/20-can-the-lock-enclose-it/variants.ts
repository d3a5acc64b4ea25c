import { disableMemory, enableMemory, fault, type WorldDescription, write } from '#linux';

type Tasks = WorldDescription['tasks'];

interface Worlds {
  readonly alone: WorldDescription;
  readonly memoryOff: WorldDescription;
  /** Mapped, taken back, and touched again. */
  readonly afterAZap: WorldDescription;
  /** One task touches two mappings. */
  readonly twoMappings: WorldDescription;
  /** Two programs touch their own mappings of one BAR. */
  readonly twoProcesses: WorldDescription;
  /** The loser's mapping is on the list, and another one before it. */
  readonly notTheFirstEntry: WorldDescription;
  readonly samePage: WorldDescription;
  readonly otherPage: WorldDescription;
  readonly configWrite: WorldDescription;
}

/** One mapping of a BAR of four pages. */
const mapped = (tasks: Tasks, more: Partial<WorldDescription> = {}): WorldDescription => ({
  bars: { bar0: 4 },
  vmas: { v: { bar: 'bar0', process: 'p' } },
  tasks,
  ...more,
});

const usual: Worlds = {
  alone: mapped({ A: fault('v', 0) }),
  memoryOff: mapped({ A: fault('v', 0) }, { memory: 'disabled' }),
  afterAZap: mapped({ A: [fault('v', 0), disableMemory(), enableMemory(), fault('v', 1)] }),
  twoMappings: {
    bars: { bar0: 2, bar2: 2 },
    vmas: { v: { bar: 'bar0', process: 'p' }, w: { bar: 'bar2', process: 'p' } },
    tasks: { A: [fault('v', 0), fault('w', 0)] },
  },
  twoProcesses: {
    bars: { bar0: 2 },
    vmas: { v: { bar: 'bar0', process: 'p' }, w: { bar: 'bar0', process: 'q' } },
    tasks: { A: fault('v', 0), B: fault('w', 0) },
  },
  notTheFirstEntry: {
    bars: { bar0: 2, bar2: 2 },
    vmas: { v: { bar: 'bar0', process: 'p' }, w: { bar: 'bar2', process: 'p' } },
    tasks: { A: [fault('v', 0), fault('w', 0)], B: fault('v', 1) },
  },
  samePage: mapped({ A: fault('v', 0), B: fault('v', 0) }),
  otherPage: mapped({ A: fault('v', 0), B: fault('v', 3) }),
  configWrite: mapped({ A: fault('v', 0), Z: disableMemory() }),
};

/** Another program, with a BAR of another size. */
const registers = (tasks: Tasks, more: Partial<WorldDescription> = {}): WorldDescription => ({
  bars: { bar2: 3 },
  vmas: { registers: { bar: 'bar2', process: 'testpmd' } },
  tasks,
  ...more,
});

const fresh: Worlds = {
  alone: registers({ A: write('registers', 2) }),
  memoryOff: registers({ A: write('registers', 1) }, { memory: 'disabled' }),
  afterAZap: registers({ A: [write('registers', 2), disableMemory(), enableMemory(), fault('registers', 2)] }),
  twoMappings: {
    bars: { bar2: 3 },
    vmas: { registers: { bar: 'bar2', process: 'testpmd' }, again: { bar: 'bar2', process: 'testpmd' } },
    tasks: { A: [fault('again', 2), write('registers', 1)] },
  },
  twoProcesses: {
    bars: { bar0: 3, bar2: 1 },
    vmas: { registers: { bar: 'bar0', process: 'testpmd' }, other: { bar: 'bar2', process: 'qemu' } },
    tasks: { A: fault('registers', 2), B: write('other', 0) },
  },
  notTheFirstEntry: {
    bars: { bar0: 1, bar2: 3 },
    vmas: { registers: { bar: 'bar0', process: 'testpmd' }, queues: { bar: 'bar2', process: 'testpmd' } },
    tasks: { A: [write('queues', 2), write('registers', 0)], B: fault('queues', 2) },
  },
  samePage: registers({ A: write('registers', 1), B: fault('registers', 1) }),
  otherPage: registers({ A: fault('registers', 2), B: fault('registers', 0) }),
  configWrite: registers({ A: write('registers', 2), Z: disableMemory() }),
};

const harder: Worlds = {
  ...usual,
  otherPage: mapped({ A: fault('v', 0), B: fault('v', 1), C: fault('v', 3) }),
  configWrite: mapped({ A: fault('v', 0), B: fault('v', 1), Z: disableMemory() }),
};

export const variants = { usual, fresh, harder };
