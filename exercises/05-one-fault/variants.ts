import { fault, type WorldDescription, write } from '#linux';

interface Worlds {
  /** One touch of a mapping's first page. */
  readonly first: WorldDescription;
  /** Every page is touched, by one task. */
  readonly every: WorldDescription;
}

const mapped = { bars: { bar0: 4 }, vmas: { v: { bar: 'bar0', process: 'p', at: 0x10000000 } } };
const usual: Worlds = {
  first: { ...mapped, tasks: { A: fault('v', 0) } },
  every: { ...mapped, tasks: { A: [fault('v', 1), fault('v', 3), fault('v', 0), fault('v', 2)] } },
};

const elsewhere = { bars: { bar2: 3 }, vmas: { regs: { bar: 'bar2', process: 'qemu', at: 0x7654000 } } };
const fresh: Worlds = {
  first: { ...elsewhere, tasks: { vcpu: write('regs', 0) } },
  every: { ...elsewhere, tasks: { vcpu: [write('regs', 2), fault('regs', 0), write('regs', 1)] } },
};

/** Two BARs, mapped at two places in one process. */
const twoBars = {
  bars: { bar0: 3, bar2: 4 },
  vmas: {
    queues: { bar: 'bar2', process: 'dpdk', at: 0x20001000 },
    regs: { bar: 'bar0', process: 'dpdk', at: 0x20005000 },
  },
};
const harder: Worlds = {
  first: { ...twoBars, tasks: { A: [fault('queues', 0), fault('regs', 0)] } },
  every: {
    ...twoBars,
    tasks: { A: [write('queues', 3), fault('regs', 2), write('queues', 1), fault('regs', 1), write('queues', 2)] },
  },
};

export const variants = { usual, fresh, harder };
