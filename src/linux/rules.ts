/** What must hold of a world: each rule under the name that graders match. */

import type { Snapshot } from '#explore';
import { pte_pfn, pte_present } from './arch/x86/include/asm/pgtable.ts';
import type { WorldDescription } from './description.ts';
import { deedsOf } from './description.ts';
import type { vm_area_struct } from './include/linux/mm_types.ts';
import { decodesMemory, PCI_COMMAND } from './include/linux/pci.ts';
import type { Machine, MappedPage } from './machine.ts';

/** What is wrong with the machine now, as "rule: details"; undefined: nothing. */
export type Judge = (machine: Machine, now: Snapshot) => string | undefined;

interface Rule {
  /** In every state, or when all tasks have returned. */
  readonly when: 'always' | 'at rest';
  /** Details of what is wrong. */
  readonly find: (machine: Machine, now: Snapshot, description: WorldDescription) => string | undefined;
}

const rules = {
  'live mapping': { when: 'always', find: liveMapping },
  'outside the BAR': { when: 'at rest', find: outsideTheBar },
  'wrong page': { when: 'at rest', find: wrongPage },
  'listed twice': { when: 'at rest', find: listedTwice },
  'partial fill': { when: 'at rest', find: partialFill },
  'mapped but not listed': { when: 'at rest', find: mappedButNotListed },
  'listed but not mapped': { when: 'at rest', find: listedButNotMapped },
  'needless signal': { when: 'at rest', find: needlessSignal },
} satisfies Record<string, Rule>;

export type RuleName = keyof typeof rules;

/** All rules, in the order in which they are looked at; a correct driver of 5.14 keeps them all. */
export const ruleNames = Object.keys(rules) as RuleName[];

/** Looks at the chosen rules of one kind, in their order. */
export function judgeBy(chosen: readonly RuleName[], when: Rule['when'], description: WorldDescription): Judge {
  const looked = ruleNames.filter((name) => chosen.includes(name) && rules[name].when === when);
  return (machine, now) => {
    for (const name of looked) {
      const found = rules[name].find(machine, now, description);
      if (found !== undefined) return `${name}: ${found}`;
    }
    return undefined;
  };
}

/** The vmas on the device's list, as often as they are there. */
export function listedVmas({ vdev }: Machine, now: Snapshot): vm_area_struct[] {
  const head = vdev.vma_list;
  const found: vm_area_struct[] = [];
  for (let node = now.get(head.next); node && node !== head; node = now.get(node.next)) {
    const vma = node.owner && now.get(node.owner.vma);
    if (vma) found.push(vma);
  }
  return found;
}

/** Whether the vma has been unmapped. */
export const isFreed = (vma: vm_area_struct, now: Snapshot): boolean => now.get(vma.memory) === undefined;

const pageName = ({ vma, page }: MappedPage) => `page ${page} of ${vma.name}`;
const isMapped = (now: Snapshot) => (page: MappedPage) => pte_present(now.get(page.pte));
const mappedPagesOf = (machine: Machine, now: Snapshot, vma: vm_area_struct) =>
  machine.pages.filter((page) => page.vma === vma && isMapped(now)(page));
const firstOf = <T, R>(items: Iterable<T>, find: (item: T) => R | undefined): R | undefined => {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
};

function liveMapping({ pages, vdev }: Machine, now: Snapshot): string | undefined {
  if (decodesMemory(now.get(vdev.pdev.config[PCI_COMMAND]))) return undefined;
  const live = pages.find(isMapped(now));
  return live && `${pageName(live)} is mapped while the device's memory is off`;
}

function outsideTheBar({ pages, vdev }: Machine, now: Snapshot): string | undefined {
  return firstOf(pages.filter(isMapped(now)), (page) => {
    const pfn = pte_pfn(now.get(page.pte));
    const first = page.vma.vm_pgoff;
    const bar = vdev.pdev.bars.find((each) => each.pfn === first);
    if (!bar || (pfn >= first && pfn < first + bar.pages)) return undefined;
    return `${pageName(page)} maps frame 0x${pfn.toString(16)}; ${bar.name} is frames 0x${first.toString(16)} to 0x${(first + bar.pages - 1).toString(16)}`;
  });
}

function wrongPage({ pages }: Machine, now: Snapshot): string | undefined {
  const wrong = pages.filter(isMapped(now)).find((page) => pte_pfn(now.get(page.pte)) !== page.pfn);
  return wrong && `${pageName(wrong)} maps page ${pte_pfn(now.get(wrong.pte)) - wrong.vma.vm_pgoff} of the BAR`;
}

function listedTwice(machine: Machine, now: Snapshot): string | undefined {
  const listed = listedVmas(machine, now);
  return firstOf(new Set(listed), (vma) => {
    const times = listed.filter((each) => each === vma).length;
    return times > 1 ? `${vma.name} is on vma_list ${times} times` : undefined;
  });
}

function partialFill(machine: Machine, now: Snapshot): string | undefined {
  return firstOf(Object.values(machine.vmas), (vma) => {
    const all = machine.pages.filter((page) => page.vma === vma).length;
    const mapped = mappedPagesOf(machine, now, vma).length;
    return mapped > 0 && mapped < all ? `${mapped} of the ${all} pages of ${vma.name} are mapped` : undefined;
  });
}

function mappedButNotListed(machine: Machine, now: Snapshot): string | undefined {
  const listed = listedVmas(machine, now);
  const missing = Object.values(machine.vmas).find(
    (vma) => !listed.includes(vma) && mappedPagesOf(machine, now, vma).length > 0,
  );
  return missing && `${missing.name} has entries, and is not on vma_list: nobody will take them back`;
}

function listedButNotMapped(machine: Machine, now: Snapshot): string | undefined {
  const idle = listedVmas(machine, now).find((vma) => mappedPagesOf(machine, now, vma).length === 0);
  if (!idle) return undefined;
  return `${idle.name} is on vma_list, and ${isFreed(idle, now) ? 'has been unmapped and freed' : 'has no entries'}`;
}

/** A signal for a task whose page was there to be mapped all along. */
function needlessSignal(_machine: Machine, now: Snapshot, description: WorldDescription): string | undefined {
  const { memory, tasks, fail = {} } = description;
  const deeds = Object.values(tasks).flatMap(deedsOf);
  const isAlwaysOn = memory !== 'disabled' && !deeds.some(({ kind }) => kind === 'disableMemory');
  const isAlwaysMapped = !deeds.some(({ kind }) => kind === 'munmap');
  return firstOf(Object.keys(tasks), (task) => {
    const end = now.returned(task);
    const isNeedless = (end === 'SIGBUS' && isAlwaysOn && !fail[task]) || (end === 'SIGSEGV' && isAlwaysMapped);
    return isNeedless ? `${task} is ended by ${end}, and nothing was wrong with its access` : undefined;
  });
}
