import { disableMemory, enableMemory, fault, munmap, type WorldDescription, write } from '#linux';

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
  /** A's fill is made to fail, at one page after the other. */
  readonly failsAlone: WorldDescription;
  readonly failsBesideAnother: WorldDescription;
  /** A has filled one mapping, and fails at another. */
  readonly failsAtTheSecond: WorldDescription;
  /** There is no memory for A's entry, at first. */
  readonly noMemory: WorldDescription;
  readonly noMemoryBesideAnother: WorldDescription;
  /** A's allocations are made to fail, one after the other; the lowest page table is one of them. */
  readonly tablesOnDemand: WorldDescription;
  readonly configWrite: WorldDescription;
  readonly configWriteAndFailure: WorldDescription;
  readonly configWriteAndTwoFaults: WorldDescription;
  readonly configWriteAndMunmap: WorldDescription;
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

const noEntry = { fail: { A: { allocations: [1] } } };

const usual: Worlds = {
  alone: mapped({ A: fault('v', 1) }),
  memoryOff: mapped({ A: fault('v', 1) }, { memory: 'disabled' }),
  afterAZap: mapped({ A: [fault('v', 1), disableMemory(), enableMemory(), fault('v', 0)] }),
  twoMappings: bothMapped({ A: [fault('v', 0), fault('w', 1)] }),
  samePage: mapped({ A: fault('v', 0), B: fault('v', 0) }),
  otherPage: mapped({ A: fault('v', 0), B: fault('v', 3) }),
  notTheFirstEntry: bothMapped({ A: [fault('v', 0), fault('w', 0)], B: fault('v', 1) }),
  failsAlone: mapped({ A: fault('v', 2) }),
  failsBesideAnother: mapped({ A: fault('v', 0), B: fault('v', 3) }),
  failsAtTheSecond: bothMapped({ A: [fault('w', 0), fault('v', 0)] }, { fail: { A: { remapAtPage: 2 } } }),
  noMemory: mapped({ A: fault('v', 1) }, noEntry),
  noMemoryBesideAnother: mapped({ A: fault('v', 0), B: fault('v', 3) }, noEntry),
  tablesOnDemand: {
    bars: { bar0: 2 },
    vmas: { v: { bar: 'bar0', process: 'p' } },
    tasks: { A: fault('v', 0), B: fault('v', 1) },
    pageTables: 'lowest on demand',
  },
  configWrite: mapped({ A: fault('v', 0), Z: disableMemory() }),
  configWriteAndFailure: mapped({ A: fault('v', 0), Z: disableMemory() }, { fail: { A: { remapAtPage: 2 } } }),
  configWriteAndTwoFaults: mapped({ A: fault('v', 0), B: fault('v', 1), Z: disableMemory() }, { bars: { bar0: 2 } }),
  configWriteAndMunmap: mapped({ A: fault('v', 0), B: munmap('v'), Z: disableMemory() }, { bars: { bar0: 2 } }),
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
  alone: registers({ A: write('registers', 2) }),
  memoryOff: registers({ A: write('registers', 0) }, { memory: 'disabled' }),
  afterAZap: registers({ A: [write('registers', 0), disableMemory(), enableMemory(), write('registers', 2)] }),
  twoMappings: withQueues({ A: [write('queues', 1), fault('registers', 0)] }),
  samePage: registers({ A: write('registers', 1), B: fault('registers', 1) }),
  otherPage: registers({ A: write('registers', 2), B: write('registers', 0) }),
  notTheFirstEntry: withQueues({ A: [write('queues', 1), write('registers', 0)], B: fault('queues', 1) }),
  failsAlone: registers({ A: write('registers', 0) }),
  failsBesideAnother: registers({ A: write('registers', 1), B: write('registers', 2) }),
  failsAtTheSecond: withQueues({ A: [write('registers', 0), write('queues', 0)] }, { fail: { A: { remapAtPage: 1 } } }),
  noMemory: registers({ A: write('registers', 2) }, { fail: { A: { allocations: [1, 2] } } }),
  noMemoryBesideAnother: registers({ A: write('registers', 2), B: fault('registers', 2) }, noEntry),
  tablesOnDemand: {
    bars: { bar0: 1 },
    vmas: { registers: { bar: 'bar0', process: 'qemu' } },
    tasks: { A: write('registers', 0), B: write('registers', 0) },
    pageTables: 'lowest on demand',
  },
  configWrite: registers({ A: write('registers', 2), Z: disableMemory() }),
  configWriteAndFailure: registers({ A: write('registers', 2), Z: disableMemory() }, noEntry),
  configWriteAndTwoFaults: registers({ A: write('registers', 2), B: fault('registers', 0), Z: disableMemory() }),
  configWriteAndMunmap: registers({ A: write('registers', 2), B: munmap('registers'), Z: disableMemory() }),
};

const harder: Worlds = {
  ...usual,
  tablesOnDemand: { ...usual.tablesOnDemand, pageTables: 'on demand' },
  otherPage: mapped({ A: fault('v', 0), B: fault('v', 1), C: fault('v', 3) }),
  configWriteAndFailure: mapped(
    { A: fault('v', 0), B: fault('v', 3), Z: disableMemory() },
    { fail: { A: { remapAtPage: 2 } } },
  ),
  configWriteAndTwoFaults: registers({
    A: fault('registers', 0),
    B: fault('registers', 2),
    Z: [disableMemory(), enableMemory()],
  }),
};

export const variants = { usual, fresh, harder };
