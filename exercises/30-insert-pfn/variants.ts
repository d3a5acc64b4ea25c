import { disableMemory, enableMemory, fault, munmap, type WorldDescription, write } from '#linux';

type Tasks = WorldDescription['tasks'];

interface Worlds {
  /** Neither the first page nor the last is touched. */
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
  readonly configWrite: WorldDescription;
  readonly twoFaultsAndConfigWrite: WorldDescription;
  /** The mapping goes, and the memory is switched off. */
  readonly unmapped: WorldDescription;
  /** A's inserts are made to fail, at one page after the other. */
  readonly failsAlone: WorldDescription;
  /** As `failsAlone`, with another access. */
  readonly failsBesideAnother: WorldDescription;
  /** A's allocations are made to fail, one after the other. */
  readonly tablesOnDemand: WorldDescription;
}

/** One mapping of a BAR of four pages. */
const mapped = (tasks: Tasks, more: Partial<WorldDescription> = {}): WorldDescription => ({
  bars: { bar0: 4 },
  vmas: { v: { bar: 'bar0', process: 'p' } },
  tasks,
  ...more,
});

/** Two BARs, both mapped. */
const bothMapped = (tasks: Tasks): WorldDescription => ({
  bars: { bar0: 3, bar2: 2 },
  vmas: { v: { bar: 'bar0', process: 'p' }, w: { bar: 'bar2', process: 'p' } },
  tasks,
});

const usual: Worlds = {
  alone: mapped({ A: fault('v', 2) }),
  memoryOff: mapped({ A: fault('v', 2) }, { memory: 'disabled' }),
  afterAZap: mapped({ A: [fault('v', 3), disableMemory(), enableMemory(), fault('v', 1)] }),
  twoMappings: bothMapped({ A: [fault('v', 1), fault('w', 0)] }),
  samePage: mapped({ A: fault('v', 0), B: fault('v', 0) }),
  otherPage: mapped({ A: fault('v', 0), B: fault('v', 3) }),
  notTheFirstEntry: bothMapped({ A: [fault('v', 0), fault('w', 0)], B: fault('v', 1) }),
  configWrite: mapped({ A: fault('v', 1), Z: disableMemory() }),
  twoFaultsAndConfigWrite: mapped({ A: fault('v', 0), B: fault('v', 1), Z: disableMemory() }, { bars: { bar0: 2 } }),
  unmapped: mapped({ A: fault('v', 0), B: munmap('v'), Z: disableMemory() }, { bars: { bar0: 2 } }),
  failsAlone: mapped({ A: fault('v', 2) }),
  failsBesideAnother: mapped({ A: fault('v', 2), B: fault('v', 0) }),
  tablesOnDemand: mapped({ A: fault('v', 0) }, { pageTables: 'on demand' }),
};

/** Another program, with a BAR of another size. */
const registers = (tasks: Tasks, more: Partial<WorldDescription> = {}): WorldDescription => ({
  bars: { bar2: 3 },
  vmas: { registers: { bar: 'bar2', process: 'testpmd' } },
  tasks,
  ...more,
});

const withQueues = (tasks: Tasks): WorldDescription => ({
  bars: { bar0: 1, bar4: 2 },
  vmas: { registers: { bar: 'bar0', process: 'qemu' }, queues: { bar: 'bar4', process: 'qemu' } },
  tasks,
});

const fresh: Worlds = {
  alone: registers({ A: write('registers', 1) }),
  memoryOff: registers({ A: write('registers', 0) }, { memory: 'disabled' }),
  afterAZap: registers({ A: [write('registers', 0), disableMemory(), enableMemory(), write('registers', 2)] }),
  twoMappings: withQueues({ A: [write('queues', 1), fault('registers', 0)] }),
  samePage: registers({ A: write('registers', 2), B: fault('registers', 2) }),
  otherPage: registers({ A: write('registers', 2), B: write('registers', 1) }),
  notTheFirstEntry: withQueues({ A: [write('queues', 1), write('registers', 0)], B: fault('queues', 1) }),
  configWrite: registers({ A: write('registers', 2), Z: disableMemory() }),
  twoFaultsAndConfigWrite: registers({ A: write('registers', 2), B: fault('registers', 1), Z: disableMemory() }),
  unmapped: registers({ A: write('registers', 2), B: munmap('registers'), Z: disableMemory() }),
  failsAlone: registers({ A: write('registers', 0) }),
  failsBesideAnother: registers({ A: write('registers', 0), B: write('registers', 2) }),
  tablesOnDemand: registers({ A: write('registers', 2) }, { pageTables: 'on demand' }),
};

const harder: Worlds = {
  ...usual,
  otherPage: mapped({ A: fault('v', 0), B: fault('v', 1), C: fault('v', 3) }),
  unmapped: mapped({ A: fault('v', 0), B: [fault('v', 1), munmap('v')], Z: disableMemory() }, { bars: { bar0: 2 } }),
  twoFaultsAndConfigWrite: mapped(
    { A: fault('v', 0), B: fault('v', 1), Z: disableMemory() },
    { fail: { A: { remapAtPage: 2 } } },
  ),
};

export const variants = { usual, fresh, harder };
