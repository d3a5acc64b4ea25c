/** The driver through its history, each generation with the same face. */

import { type Driver, type DriverParts, driverFrom } from '../driver.ts';
import { insertLoop } from './insertLoop.ts';
import { lockEnclosesRemap } from './lockEnclosesRemap.ts';
import { skipOnEexist } from './skipOnEexist.ts';
import { v5_8 } from './v5_8.ts';
import { v5_14 } from './v5_14.ts';

export const generations = { v5_8, lockEnclosesRemap, skipOnEexist, insertLoop, v5_14 };

/**
 * A driver from a learner's functions; the rest is `base`'s. A `fault` of the learner's calls the learner's own
 * `__vfio_pci_add_vma`; given alone, that function serves `base`'s handler.
 */
export function driverWith(parts: DriverParts, base: Driver = generations.v5_14): Driver {
  return driverFrom(parts, base);
}
