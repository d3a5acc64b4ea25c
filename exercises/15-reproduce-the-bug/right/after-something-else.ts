import { fault, type WorldDescription } from '#linux';

// Two threads of a packet processor: each begins with its own queue, then both read the status.
export const world: WorldDescription = {
  bars: { status: 1, queues: 2 },
  vmas: { s: { bar: 'status', process: 'dpdk' }, q: { bar: 'queues', process: 'dpdk' } },
  tasks: { lcore_a: [fault('q', 0), fault('s', 0)], lcore_b: fault('s', 0) },
};
