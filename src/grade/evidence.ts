/**
 * What a violation says of the fault handler behind it: evidence that tells one misconception from another, for graders
 * of exercises that build on each other. Each function gives a misconception's id, or undefined: the evidence fits none.
 */

import { type Access, bug, type TraceStep, type Violation } from '#explore';
import {
  BUG_ON,
  type Fault,
  type Kernel,
  VM_FAULT_OOM,
  vfio_pci_mmap_vma,
  type vm_fault,
  type vm_fault_t,
  WARN_ON,
} from '#linux';

// Far beyond what a handler does in the largest world of an exercise.
const MOST_OPERATIONS = 500;

/**
 * The submission's handler, watched: it comes to an end, keeps no memory that nothing leads to; an errno is no answer, and
 * VM_FAULT_OOM none where no allocation fails.
 */
export function answering(fault: Fault, { isMemoryShort = false } = {}): (vmf: vm_fault) => Kernel<vm_fault_t> {
  return function* answered(vmf) {
    const entries = new Set<vfio_pci_mmap_vma>();
    const ret = yield* watched(fault(vmf), entries);
    yield* BUG_ON(ret < 0, `errno as an answer: ->fault returned ${ret}, and its answers are VM_FAULT_ bits`);
    const isNeedless = !isMemoryShort && (ret & VM_FAULT_OOM) !== 0;
    yield* WARN_ON(isNeedless, 'needless OOM: ->fault returned VM_FAULT_OOM, and no allocation failed');
    yield* WARN_ON(entries.size > 0, 'leaked: ->fault has allocated an entry that is neither on vma_list nor freed');
    return ret;
  };
}

/** The handler's steps, one by one. `loose` are the entries that it holds: allocated, not freed, on no list. */
function* watched(steps: Kernel<vm_fault_t>, loose: Set<vfio_pci_mmap_vma>): Kernel<vm_fault_t> {
  const own = new Set<vfio_pci_mmap_vma>();
  let step = steps.next();
  for (let operations = 1; !step.done; operations++) {
    const { kind, on, args } = step.value;
    if (operations > MOST_OPERATIONS) yield* bug(ENDLESS);
    const result = yield step.value;
    if (kind === 'allocate' && on === vfio_pci_mmap_vma && result !== null) {
      own.add(result);
      loose.add(result);
    }
    if (kind === 'free') loose.delete(on as vfio_pci_mmap_vma);
    const linked = kind === 'set' ? [...own].find(({ vma_next }) => vma_next.next === on) : undefined;
    if (linked && args[0] === null) loose.add(linked);
    else if (linked) loose.delete(linked);
    step = steps.next(result);
  }
  return step.value;
}

const ENDLESS = `no end: ->fault has made ${MOST_OPERATIONS} operations and goes on; does a loop step by bytes, not by pages?`;

/** Answers that no handler may give. */
export const wrongAnswers = {
  'bug: NULL pointer dereference in __do_fault (mm/memory.c)': ({ message }: Violation) =>
    message.includes('returned 0,') ? 'zero-is-success' : undefined,
  'bug: errno as an answer': 'zero-is-success',
};

/** `lock misuse`. A handler that answers VM_FAULT_RETRY leaves mmap_lock to nobody; one that leaves early keeps its own locks. */
export function lockKept({ message }: Violation): string | undefined {
  const kept = / while it holds (.*)/.exec(message)?.[1];
  return kept && (kept.includes('mmap_lock') ? 'retry-means-again' : 'unlock-forgotten');
}

/** `deadlock`. The lock that a task waits for is its own. */
export function waitsForItself({ waits = [] }: Violation): string | undefined {
  return waits.some(({ task, heldBy }) => heldBy.includes(task)) ? 'mutex-is-recursive' : undefined;
}

/**
 * `bug` at a full entry. Who dies with vma_lock in hand was alone in there, and did not look, or looked too early, or filled all the
 * same what it had found on the list, or in its entry.
 */
export function diedAlone({ task, held = [], trace }: Violation): string | undefined {
  const looks = trace.steps.filter((step) => step.task === task && /^(READ_ONCE|read)\b/.test(step.operation));
  if (looks.some((look) => !holdsVmaLock(look))) return 'look-before-lock';
  if (!held.some(({ lock }) => lock === 'vma_lock')) return undefined;
  if (hasFound(task, trace.steps) || looks.some(({ result = '' }) => /^0x/.test(result))) return 'found-and-filled';
  return hasPassedBy(task, trace.steps) ? undefined : 'no-recheck';
}

/** The task has read, from an entry of the list, the mapping that it met its end in. */
function hasFound(task: string | undefined, steps: readonly TraceStep[]): boolean {
  const mapping = /\w+(?=\[\d+\])/.exec(steps.at(-1)?.operation ?? '')?.[0];
  const reads = steps.filter((step) => step.task === task).flatMap(({ plain }) => plain);
  return reads.some(({ operation, result }) => /^get\(.*\.vma\)$/.test(operation) && result === mapping);
}

/** The task has gone through entries of the list, and asked none of them whose it is: it has looked, and wrongly. */
function hasPassedBy(task: string | undefined, steps: readonly TraceStep[]): boolean {
  const reads = steps.filter((step) => step.task === task && holdsVmaLock(step)).flatMap(({ plain }) => plain);
  const has = (what: RegExp) => reads.some(({ operation }) => what.test(operation));
  return has(/^get\(.*\.vma_next\.next\)$/) && !has(/^get\(.*\.vma\)$/);
}

/** The accesses of a `data race` that are made without vma_lock. */
export function unlockedIn({ accesses = [], trace }: Violation): readonly Access[] {
  const lastOf = (task: string) => trace.steps.findLast((step) => step.task === task);
  return accesses.filter(({ task }) => !lastOf(task)?.locks.includes('vma_lock'));
}

/** `data race`. One of the two is without vma_lock, and reads. */
export function readUnlocked(violation: Violation): string | undefined {
  const unlocked = unlockedIn(violation);
  return unlocked.length === 1 && unlocked[0]?.access === 'read' ? 'look-before-lock' : undefined;
}

/** `invariant: live mapping`. Filled without vma_lock; or with it, trusting a test whose lock is gone. */
export function filledTooLate({ trace }: Violation): string {
  const fills = trace.steps.filter(({ operation }) => operation.startsWith('set_pte_at'));
  return fills.some((fill) => !holdsVmaLock(fill)) ? 'early-unlock' : 'memory-test-outside-lock';
}

/** What goes wrong beside a config write. */
export const besideConfigWrite = {
  'data race: vconfig[PCI_COMMAND]': 'memory-test-outside-lock',
  'data race': readUnlocked,
  'invariant: live mapping': filledTooLate,
  deadlock: (violation: Violation) => waitsForItself(violation) ?? 'lock-order',
  'lock misuse': lockKept,
};

const holdsVmaLock = ({ locks }: TraceStep): boolean => locks.includes('vma_lock');
