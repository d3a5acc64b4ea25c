/** Builds a machine from a description: declares its cells and locks. Called in `setup()`. */

import { cell } from '#explore';
import { bootDevices, locksOfDevices } from './boot/devices.ts';
import { bootIommu } from './boot/iommu.ts';
import { fillMappings } from './boot/mappings.ts';
import { bootProcesses } from './boot/processes.ts';
import { bootRam, locksOfFiles } from './boot/ram.ts';
import { bootTasks } from './boot/tasks.ts';
import { foresee } from './deeds/index.ts';
import { allDeeds, type WorldDescription } from './description.ts';
import type { Driver } from './drivers/vfio/pci/driver.ts';
import type { vfio_pci_core_device } from './drivers/vfio/pci/vfio_pci_core.ts';
import { versionOf } from './include/linux/version.ts';
import type { Machine } from './machine.ts';
import { tablesOf } from './pageTables.ts';
import type { Addresses } from './places.ts';

/** Boots the world: its BARs are mapped, and nothing has been touched yet. The description has been validated. */
export function boot(description: WorldDescription, addresses: Addresses, driver: Driver): Machine {
  const foreseen = allDeeds(description).map((deed) => foresee(deed, description));
  const version = versionOf(description.kernel ?? driver.kernel) as number;
  const ram = bootRam(description);
  const devices = bootDevices({ description, foreseen, driver, version });
  const { processes, vmas, places, pages } = bootProcesses({
    description,
    addresses,
    driver,
    devices,
    foreseen,
    version,
    ram,
  });
  fillMappings(devices, Object.values(vmas), Object.values(processes));
  const locksOfTables = Object.values(processes).flatMap((mm) => {
    const locks = tablesOf(mm).flatMap(({ lock }) => (lock ? [lock] : []));
    return [mm.mmap_lock, ...new Set(locks)];
  });
  const locksOfVmas = Object.values(vmas).flatMap(({ vm_lock }) => vm_lock?.lock ?? []);
  return {
    driver,
    vdev: devices[0] as vfio_pci_core_device,
    devices,
    processes,
    vmas,
    places,
    tasks: bootTasks({ description, devices, foreseen, processes, ram }),
    pages,
    ram,
    unanswered: description.unanswered ?? 'ends the task',
    stopped: description.unanswered === 'machine check' ? cell(false, 'stopped by a machine check') : null,
    iommu: bootIommu(
      foreseen,
      devices.map(({ pdev }) => pdev),
    ),
    locks: [...locksOfDevices(devices), ...locksOfTables, ...locksOfVmas, ...locksOfFiles(ram)],
  };
}
