/** What the page of questions shows beyond the lessons: one experiment for each question that no lesson answers. */

import { disableMemory, fault, fork, generations, munmap, simulate } from '#linux';
import type { AnyProgram } from './any-program.ts';
import { testsTooEarly } from './drivers.ts';
import { faultAndDisable, oneMapping } from './worlds.ts';

interface Shown {
  readonly caption: string;
  readonly program: () => AnyProgram;
}

const onePage = { bars: { bar0: 1 } };

/** By the experiment's id. */
export const checklist = {
  'checklist/tested-too-early': {
    caption: 'The test with `memory_lock`, the insert without. A touches page 0; Z switches the device’s memory off.',
    program: () => simulate(faultAndDisable, testsTooEarly),
  },
  'checklist/fork': {
    caption: 'The handler of 5.14 in Linux 6.9. A touches page 0, and forks; Z switches the device’s memory off.',
    program: () =>
      simulate(
        oneMapping({ A: [fault('v', 0), fork('c')], Z: disableMemory() }, { ...onePage, kernel: '6.9' }),
        generations.v5_14,
      ),
  },
  'checklist/zap-then-gate': {
    caption: 'Zap first, gate after. A touches page 0; Z switches the device’s memory off.',
    program: () => simulate(faultAndDisable, generations.zapThenGate),
  },
  'checklist/gate-then-mmap-lock': {
    caption: 'Gate first, `mmap_lock` after. A touches page 0, M unmaps it; Z switches the device’s memory off.',
    program: () =>
      simulate(
        oneMapping({ A: fault('v', 0), M: munmap('v'), Z: disableMemory() }, onePage),
        generations.memoryLockFirst,
      ),
  },
  'checklist/remap-in-6.10': {
    caption: 'The handler of 5.14 in Linux 6.10. A touches page 1.',
    program: () => simulate(oneMapping({ A: fault('v', 1) }, { kernel: '6.10' }), generations.v5_14),
  },
  'checklist/frames-out-of-step': {
    caption: 'A BAR of 1,024 pages from frame 0x40201. A touches page 512.',
    program: () =>
      simulate(
        oneMapping({ A: fault('v', 512) }, { bars: { bar0: { pages: 1024, pfn: 0x40201 } } }),
        generations.hugeUnalignedPfn,
      ),
  },
} satisfies Readonly<Record<string, Shown>>;
