import { disableMemory, enableMemory, fault, type WorldDescription, write } from '#linux';

type Tasks = WorldDescription['tasks'];

interface Worlds {
  readonly alone: WorldDescription;
  readonly memoryOff: WorldDescription;
  /** Mapped, taken back, and touched again. */
  readonly afterAZap: WorldDescription;
  /** One task touches two mappings. */
  readonly twoMappings: WorldDescription;
  readonly samePage: WorldDescription;
  readonly otherPage: WorldDescription;
  /** The loser's mapping is on the list, and another one before it. */
  readonly notTheFirstEntry: WorldDescription;
  /** There is no memory for A's entry, at first. */
  readonly noMemory: WorldDescription;
  /** A's allocations are made to fail, one after the other. */
  readonly tablesOnDemand: WorldDescription;
  /** A's fill is made to fail, at one page after the other. */
  readonly failsAlone: WorldDescription;
  /** A has filled one mapping, and fails at another. */
  readonly failsAtTheSecond: WorldDescription;
  /** As `failsAlone`, with another access. */
  readonly failsBesideAnother: WorldDescription;
  readonly configWrite: WorldDescription;
}

/** One mapping of a BAR of four pages. */
const mapped = (tasks: Tasks, more: Partial<WorldDescription> = {}): WorldDescription => ({
  bars: { bar0: 4 },
  vmas: { v: { bar: 'bar0', process: 'p' } },
  tasks,
  ...more,
});

/** Two BARs of different size, both mapped. */
const bothMapped = (tasks: Tasks, more: Partial<WorldDescription> = {}): WorldDescription => ({
  bars: { bar0: 3, bar2: 2 },
  vmas: { v: { bar: 'bar0', process: 'p' }, w: { bar: 'bar2', process: 'p' } },
  tasks,
  ...more,
});

const usual: Worlds = {
  alone: mapped({ A: fault('v', 2) }),
  memoryOff: mapped({ A: fault('v', 2) }, { memory: 'disabled' }),
  afterAZap: mapped({ A: [fault('v', 2), disableMemory(), enableMemory(), fault('v', 0)] }),
  twoMappings: bothMapped({ A: [fault('v', 0), fault('w', 0)] }),
  samePage: mapped({ A: fault('v', 0), B: fault('v', 0) }),
  otherPage: mapped({ A: fault('v', 0), B: fault('v', 3) }),
  notTheFirstEntry: bothMapped({ A: [fault('v', 0), fault('w', 0)], B: fault('v', 1) }),
  noMemory: mapped({ A: fault('v', 1) }, { fail: { A: { allocations: [1] } } }),
  tablesOnDemand: mapped({ A: fault('v', 0) }, { pageTables: 'on demand' }),
  failsAlone: mapped({ A: fault('v', 2) }),
  failsAtTheSecond: bothMapped({ A: [fault('w', 0), fault('v', 0)] }, { fail: { A: { remapAtPage: 2 } } }),
  failsBesideAnother: mapped({ A: fault('v', 2), B: fault('v', 2) }),
  configWrite: mapped({ A: fault('v', 0), Z: disableMemory() }),
};

/** Another program, with a BAR of another size. */
const registers = (tasks: Tasks, more: Partial<WorldDescription> = {}): WorldDescription => ({
  bars: { bar2: 3 },
  vmas: { registers: { bar: 'bar2', process: 'testpmd' } },
  tasks,
  ...more,
});

const withQueues = (tasks: Tasks, more: Partial<WorldDescription> = {}): WorldDescription => ({
  bars: { bar0: 1, bar4: 2 },
  vmas: { registers: { bar: 'bar0', process: 'qemu' }, queues: { bar: 'bar4', process: 'qemu' } },
  tasks,
  ...more,
});

const fresh: Worlds = {
  alone: registers({ A: write('registers', 1) }),
  memoryOff: registers({ A: write('registers', 0) }, { memory: 'disabled' }),
  afterAZap: registers({ A: [write('registers', 0), disableMemory(), enableMemory(), write('registers', 2)] }),
  twoMappings: withQueues({ A: [write('queues', 1), fault('registers', 0)] }),
  samePage: registers({ A: write('registers', 2), B: fault('registers', 2) }),
  otherPage: registers({ A: write('registers', 2), B: write('registers', 1) }),
  notTheFirstEntry: withQueues({ A: [write('queues', 1), write('registers', 0)], B: fault('queues', 1) }),
  noMemory: registers({ A: fault('registers', 0) }, { fail: { A: { allocations: [1, 2] } } }),
  tablesOnDemand: registers({ A: write('registers', 0) }, { pageTables: 'on demand' }),
  failsAlone: registers({ A: write('registers', 0) }),
  failsAtTheSecond: withQueues({ A: [write('registers', 0), write('queues', 0)] }, { fail: { A: { remapAtPage: 1 } } }),
  failsBesideAnother: registers({ A: write('registers', 0), B: write('registers', 2) }),
  configWrite: registers({ A: write('registers', 2), Z: disableMemory() }),
};

const harder: Worlds = {
  ...usual,
  otherPage: mapped({ A: fault('v', 0), B: fault('v', 1), C: fault('v', 3) }),
  configWrite: mapped({ A: fault('v', 0), B: fault('v', 1), Z: disableMemory() }, { fail: { A: { remapAtPage: 1 } } }),
};

export const variants = { usual, fresh, harder };
