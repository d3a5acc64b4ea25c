/** What tasks do: plain data for descriptions, and what there is to know of each kind. */

import type { WorldDescription } from '../description.ts';
import type { task_struct } from '../include/linux/sched.ts';
import type { Kernel } from '../kernel.ts';
import type { Machine } from '../machine.ts';
import { refuse, show } from '../words.ts';
import { type Access, reading, writing } from './access.ts';
import { type BarAccess, readingBar, signallingIoeventfd, writingBar } from './bar.ts';
import { type CommandWrite, disabling, enabling } from './command.ts';
import type { DeedKind, Foreseen } from './deed.ts';
import { type DmaMap, type DmaOfPage, dmaMapping, dmaUnmapping, doingDma } from './dma.ts';
import { type GuestAccess, guestAccessing } from './guest.ts';
import { type KernelsOwn, mappingRom, settingUpInterrupts } from './interrupts.ts';
import { type Kill, killing } from './kill.ts';
import { type Mmap, mapping } from './mmap.ts';
import { type Mprotect, protecting } from './mprotect.ts';
import { type Mremap, moving } from './mremap.ts';
import { type Munmap, unmapping } from './munmap.ts';
import { lettingSleep, type PowerState, type Sleep, settingPower, wakingUp } from './power.ts';
import { type Exit, exiting, type Fork, forking } from './processes.ts';
import { type HotReset, type Reset, resetting, resettingFunction, resettingSet } from './reset.ts';
import { type Truncate, truncating } from './truncate.ts';

export { fault, write } from './access.ts';
export { readBar, signalIoeventfd, writeBar } from './bar.ts';
export { disableMemory, enableMemory } from './command.ts';
export type { Foreseen } from './deed.ts';
export { dma, dmaMap, dmaUnmap } from './dma.ts';
export { guestAccess } from './guest.ts';
export { mapRom, setUpInterrupts } from './interrupts.ts';
export { kill } from './kill.ts';
export { mmap } from './mmap.ts';
export { mprotect } from './mprotect.ts';
export { mremap } from './mremap.ts';
export { munmap } from './munmap.ts';
export { lowPower, setPowerState, wakeUp } from './power.ts';
export { exit, fork } from './processes.ts';
export { functionLevelReset, hotReset, reset } from './reset.ts';
export { truncate } from './truncate.ts';

/** One thing that a task does. Made by the functions of this folder alone. */
export type Deed =
  | Access
  | Munmap
  | Mmap
  | Mprotect
  | Mremap
  | Fork
  | Exit
  | CommandWrite
  | PowerState
  | Sleep
  | Reset
  | HotReset
  | BarAccess
  | KernelsOwn
  | Kill
  | DmaMap
  | DmaOfPage
  | GuestAccess
  | Truncate;

const kinds: { readonly [Kind in Deed['kind']]: DeedKind<Extract<Deed, { kind: Kind }>> } = {
  fault: reading,
  write: writing,
  munmap: unmapping,
  mmap: mapping,
  mprotect: protecting,
  mremap: moving,
  fork: forking,
  exit: exiting,
  disableMemory: disabling,
  enableMemory: enabling,
  setPowerState: settingPower,
  lowPower: lettingSleep,
  wakeUp: wakingUp,
  reset: resetting,
  functionLevelReset: resettingFunction,
  hotReset: resettingSet,
  readBar: readingBar,
  writeBar: writingBar,
  signalIoeventfd: signallingIoeventfd,
  setUpInterrupts: settingUpInterrupts,
  mapRom: mappingRom,
  kill: killing,
  dmaMap: dmaMapping,
  dmaUnmap: dmaUnmapping,
  dma: doingDma,
  guestAccess: guestAccessing,
  truncate: truncating,
};

const kindOf = (deed: Deed): DeedKind<Deed> => kinds[deed.kind] as DeedKind<Deed>;

/** A deed as programs and messages name it. */
export const describeDeed = (deed: Deed): string => kindOf(deed).describe(deed);

/** Throws a WorldError for what is no deed, or makes no sense in the world. */
export function checkDeed(deed: Deed, where: string, world: WorldDescription): void {
  if (!Object.hasOwn(kinds, deed?.kind)) {
    const examples = Object.values(kinds).map(({ example }) => example);
    refuse(`${where} is ${show(deed)}: use ${examples.join(', ')}, or a list of them`);
  }
  kindOf(deed).check(deed, where, world);
}

/** The process that it is done in; undefined for what has nothing to do with one. */
export const processOf = (deed: Deed, world: WorldDescription): string | undefined =>
  kindOf(deed).process?.(deed, world);

/** What the machine must have ready for it. */
export const foresee = (deed: Deed, world: WorldDescription): Foreseen => kindOf(deed).foresee?.(deed, world) ?? {};

/** Its code. Returns the words that `outcome` says of it. */
export const codeOf = (deed: Deed, machine: Machine, task: task_struct): Kernel<string> =>
  kindOf(deed).run(deed, machine, task);

/** What happens in its place once a signal has ended the task. */
export function* omit(deed: Deed, machine: Machine, task: task_struct): Kernel {
  const { omit: instead } = kindOf(deed);
  if (instead) yield* instead(deed, machine, task);
}
