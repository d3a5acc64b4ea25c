/*
 * Build a world in which the handler of Linux 5.8 reaches BUG_ON,
 * and the one of 5.14 does not. In this one nothing goes wrong.
 *
 *   bars     the device's BARs, and how many pages each has
 *   vmas     who maps which BAR; add one, or a process, if needed
 *   tasks    who touches which page. Each task has its own CPU. A
 *            list, [fault('v', 0), …]: one after another
 *   memory   'enabled' or 'disabled': whether the device answers
 *
 * Only fault(…), at most five in at most four tasks; no failures.
 */
import { fault, type WorldDescription } from '#linux';

export const world: WorldDescription = {
  bars: { bar0: 2 },
  vmas: { v: { bar: 'bar0', process: 'p' } },
  tasks: { A: fault('v', 0) },
};
