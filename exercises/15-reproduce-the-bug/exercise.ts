/*
 * Build a world in which the handler of Linux 5.8 reaches BUG_ON, and the one of 5.14 does not.
 *
 *   bars     the device's BARs, and how many pages each has
 *   vmas     who maps which BAR; add a mapping, or a process, if you think it takes one
 *   tasks    who touches which page; each task has a CPU of its own, and a list is done one after another
 *   memory   'enabled' or 'disabled': whether the device answers
 *
 * Only fault(…), and no failures. The world below boots, and nothing goes wrong in it.
 */
import { fault, type WorldDescription } from '#linux';

export const world: WorldDescription = {
  bars: { bar0: 2 },
  vmas: { v: { bar: 'bar0', process: 'p' } },
  tasks: { A: fault('v', 0) },
};
