/** What there is to know of one kind of deed: one file in this folder, and one line in `index.ts`. */

import type { WorldDescription } from '../description.ts';
import type { task_struct } from '../include/linux/sched.ts';
import type { Kernel } from '../kernel.ts';
import type { Machine } from '../machine.ts';

export interface DeedKind<D> {
  /** How a description writes one. */
  readonly example: string;
  /** The deed as programs and messages name it. */
  describe(deed: D): string;
  /** Refuses one that makes no sense in the world; `where` says which it is. */
  check(deed: D, where: string, world: WorldDescription): void;
  /** Whose process it is done in, if it is done in one. */
  process?(deed: D, world: WorldDescription): string | undefined;
  /** What the machine must have ready for it. */
  foresee?(deed: D, world: WorldDescription): Foreseen;
  /** Its code. Returns the words that `outcome` says of it. */
  run(deed: D, machine: Machine, task: task_struct): Kernel<string>;
  /** What happens in its place once a signal has ended the task; nothing, unless given. */
  omit?(deed: D, machine: Machine, task: task_struct): Kernel;
}

/** What a deed will need or change. What nobody changes costs no states. */
export interface Foreseen {
  /** A device's command register is written. */
  readonly switchesMemory?: boolean;
  /** Devices change their power. */
  readonly changesPower?: boolean;
  /** Devices are let sleep while nobody wants them. */
  readonly letsSleep?: boolean;
  /** Devices are reset. */
  readonly resets?: boolean;
  /** A process that runs a guest. */
  readonly guestOf?: string;
  /** Pages mapped for DMA, as `v[0]`. */
  readonly pins?: readonly string[];
  /** The tasks that a fatal signal may reach. */
  readonly kills?: readonly string[];
  /** Vmas go away. */
  readonly unmapsVmas?: boolean;
  /** Vmas change their ends, offsets or flags. */
  readonly reshapesVmas?: boolean;
  /** So many vmas more are linked into the process's tree, besides the copies that a fork makes. */
  readonly newVmas?: Readonly<Record<string, number>>;
  /** Processes that end. */
  readonly ends?: readonly string[];
}
