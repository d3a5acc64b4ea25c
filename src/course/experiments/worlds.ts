/** The worlds that the lessons boot: one BAR of four pages, mapped once, and who touches it. */

import { type Deed, disableMemory, fault, type WorldDescription } from '#linux';

type Tasks = Readonly<Record<string, Deed | readonly Deed[]>>;

/** Whoever is named, at one mapping. */
export const oneMapping = (tasks: Tasks, more: Partial<WorldDescription> = {}): WorldDescription => ({
  bars: { bar0: 4 },
  vmas: { v: { bar: 'bar0', process: 'p' } },
  tasks,
  ...more,
});

export const oneFault = oneMapping({ A: fault('v', 1) });
export const oneThread = oneMapping({ A: [fault('v', 0), fault('v', 1)] });
export const twoFaults = (a: number, b: number): WorldDescription => oneMapping({ A: fault('v', a), B: fault('v', b) });

/** Z switches the device's memory off. */
export const faultAndDisable = oneMapping({ A: fault('v', 0), Z: disableMemory() });
export const twoFaultsAndDisable = oneMapping({ A: fault('v', 0), B: fault('v', 1), Z: disableMemory() });

/** A cannot map page 1; B can. */
export const firstFillFails = oneMapping({ A: fault('v', 2), B: fault('v', 2) }, { fail: { A: { remapAtPage: 1 } } });
