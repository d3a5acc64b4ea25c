/** The driver through its history, each generation with the same face. */

import { type Driver, type DriverParts, driverFrom } from '../driver.ts';
import { eager } from './eager.ts';
import { insertLoop } from './insertLoop.ts';
import { insertLoopUnlocked } from './insertLoopUnlocked.ts';
import { lockEnclosesRemap } from './lockEnclosesRemap.ts';
import { memoryLockFirst } from './memoryLockFirst.ts';
import { skipOnEexist } from './skipOnEexist.ts';
import { skipOnEexistUnlocked } from './skipOnEexistUnlocked.ts';
import { v5_8 } from './v5_8.ts';
import { v5_14 } from './v5_14.ts';
import { v6_10 } from './v6_10.ts';
import { v6_10_full } from './v6_10_full.ts';
import { hugeUnalignedPfn, hugeUnroundedAddress, v6_12 } from './v6_12.ts';
import { zapThenGate } from './zapThenGate.ts';

export const generations = {
  eager,
  v5_8,
  lockEnclosesRemap,
  skipOnEexist,
  skipOnEexistUnlocked,
  insertLoop,
  insertLoopUnlocked,
  memoryLockFirst,
  v5_14,
  v6_10,
  v6_10_full,
  zapThenGate,
  hugeUnalignedPfn,
  hugeUnroundedAddress,
  v6_12,
};

/**
 * A driver from a learner's functions; the rest is `base`'s. A `fault` of the learner's calls the learner's own
 * `__vfio_pci_add_vma`; given alone, that function serves `base`'s handler.
 */
export function driverWith(parts: DriverParts, base: Driver = generations.v5_14): Driver {
  return driverFrom(parts, base);
}
